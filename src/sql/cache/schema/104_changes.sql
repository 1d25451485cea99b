create function listing_change_text(change json) returns text language sql immutable parallel safe
  return case when octet_length(change::text) <= 20000 then change::text end;

-- Makes what caches are told by. Every change of the listing leaves a row in <list>_change in the changing transaction,
-- and each server asks many times a second for the rows that its last snapshot did not see (changes.sql). So it learns of
-- every committed change and of no other, whatever made it, and whatever was cut, killed or restarted in between. NOTIFY
-- would do the same unasked, but it lets one transaction commit at a time: with 16 writers and 2.4 ms for a write to
-- reach the disk that left 180 of 510 creates a second.
--
-- Nothing here needs to outlive a crash, so the tables are not logged, and cost a write a fraction of what it costs
-- anyway. A crash empties them, and that is how servers learn of it: transaction ids may then come again.
create procedure listing_make_changes(list text) language plpgsql as $$
declare
  -- Of a statement that changes many rows no server wants to know each.
  most constant integer := 32;
  texts constant text := (select string_agg(format('%%1$s.%I::text', name), ', ' order by position)
    from listing_column where listing_column.list = listing_make_changes.list);
  version text := format('case when %%1$s.id is not null then json_build_array(array_to_json(array[%%1$s.id::text, %s]),
    array_to_json(tsvector_to_array(%%1$s.document))) end', texts);
begin
  execute format($sql$
    create unlogged table %1$s_change (
      id bigint generated always as identity,
      xid xid8 not null default pg_current_xact_id(),
      -- [[row before, its words], [row after, its words]]; null says that any row may have changed
      change text
    );
    -- That of an unlogged table is not logged either, and PostgreSQL 18 does not write it to the disk of a standby: one that was
    -- promoted before its next restartpoint failed each write with "bad magic number in sequence".
    alter sequence %1$s_change_id_seq set logged;
    create index %1$s_change_xid_idx on %1$s_change (xid);

    -- One row. `epoch` is another after a crash. Changes before `upto` were seen by every snapshot at `taken`, and are
    -- deleted a minute later; those before `deleted` are.
    create unlogged table %1$s_change_mark (
      is_there boolean not null default true,
      epoch uuid not null default gen_random_uuid(),
      taken timestamptz not null default clock_timestamp(),
      upto xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
      deleted xid8 not null default '0',
      constraint %1$s_change_mark_pkey primary key (is_there),
      constraint %1$s_change_mark_is_there_check check (is_there)
    );
    insert into %1$s_change_mark default values;

    create function %1$s_tidy_changes() returns void language plpgsql as $function$
    declare
      mark %1$s_change_mark;
    begin
      select * into mark from %1$s_change_mark where taken < clock_timestamp() - interval '1 minute'
      for update skip locked;
      if not found then return; end if;
      delete from %1$s_change where xid < mark.upto;
      update %1$s_change_mark
      set deleted = mark.upto, taken = clock_timestamp(), upto = pg_snapshot_xmin(pg_current_snapshot());
    end $function$;

    create function %1$s_announce() returns trigger language plpgsql set timezone = 'UTC' set datestyle = 'ISO'
    as $function$
    begin
      if tg_op = 'TRUNCATE' then
        insert into %1$s_change default values;
      elsif tg_op = 'INSERT' then
        insert into %1$s_change (change)
        select case when found.total <= %2$s then listing_change_text(json_build_array(null, %3$s)) end
        from (select count(*) as total from became) found
        left join became on found.total <= %2$s
        where found.total > 0;
      elsif tg_op = 'DELETE' then
        insert into %1$s_change (change)
        select case when found.total <= %2$s then listing_change_text(json_build_array(%4$s, null)) end
        from (select count(*) as total from was) found
        left join was on found.total <= %2$s
        where found.total > 0;
      else
        insert into %1$s_change (change)
        select case when found.total <= %2$s then listing_change_text(json_build_array(%4$s, %3$s)) end
        from (select count(*) as total from became) found
        left join became on found.total <= %2$s
        left join was on was.id = became.id
        where found.total > 0;
      end if;
      -- A transaction that works on an old snapshot could not change a row that others have changed since.
      if random() < 0.001 and current_setting('transaction_isolation') = 'read committed' then
        perform %1$s_tidy_changes();
      end if;
      return null;
    end $function$;

    create trigger inserted after insert on %1$I
      referencing new table as became for each statement execute function %1$s_announce();
    create trigger updated after update on %1$I
      referencing old table as was new table as became for each statement execute function %1$s_announce();
    create trigger deleted after delete on %1$I
      referencing old table as was for each statement execute function %1$s_announce();
    create trigger truncated after truncate on %1$I
      for each statement execute function %1$s_announce();

    -- The changes of a transaction, this one unless told otherwise, as a JSON list of [id, xid, change].
    create function %1$s_changes_made(made_in xid8 default pg_current_xact_id_if_assigned())
    returns text language sql volatile as $function$
      select '[' || coalesce(string_agg(concat('[', id, ',', xid, ',', coalesce(change, 'null'), ']'), ',' order by id), '') || ']'
      from %1$s_change
      where xid = made_in
    $function$;
  $sql$, list, most, format(version, 'became'), format(version, 'was'));
end $$;
