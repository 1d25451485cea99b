-- The changes that a snapshot did not see, as a JSON list of [id, xid, change], and the snapshot of this statement,
-- from which the next call continues (104_changes.sql). Also the positions, system and timeline of the server's log. $1
-- the snapshot, null for no changes. $2 the maximum number of changes. No row if the mark is missing, after a crash.
-- The epoch also differs if a dump or a copy brought the mark.
select concat_ws('-', mark.epoch, (pg_control_system()).system_identifier,
    (select pg_database.oid from pg_database where pg_database.datname = current_database())) as epoch,
  mark.deleted::text::bigint as deleted, pg_current_snapshot()::text as snapshot,
  pg_current_wal_insert_lsn()::text as inserted, pg_current_wal_flush_lsn()::text as flushed,
  concat_ws('/', (pg_control_system()).system_identifier,
    ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer) as timeline,
  (
    select '[' || string_agg(concat('[', unseen.id, ',', unseen.xid, ',', coalesce(unseen.change, 'null'), ']'), ',') || ']'
    from (
      select later.id, later.xid, later.change
      from {list}_change later
      where later.xid >= pg_snapshot_xmax($1::text::pg_snapshot)
      union all
      select unfinished.id, unfinished.xid, unfinished.change
      from pg_snapshot_xip($1::text::pg_snapshot) running
      join {list}_change unfinished on unfinished.xid = running
      limit $2::bigint
    ) unseen
  ) as changes
from {list}_change_mark mark
