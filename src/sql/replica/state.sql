-- Whether a server is a standby, how much of the primary's log it has replayed, and the system and timeline of the log
-- that it receives: null if it receives none, or the user may not see it (pg_read_all_stats).
select pg_is_in_recovery() as standby, pg_last_wal_replay_lsn()::text as replayed,
  (select concat_ws('/', (pg_control_system()).system_identifier, receiver.received_tli)
    from pg_stat_wal_receiver receiver
    where receiver.status = 'streaming') as timeline
