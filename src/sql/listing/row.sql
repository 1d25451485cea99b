-- One row, null if there is none, and the snapshot it was read in. $1 the id.
select (select {row} from {list} page where page.id = $1::bigint) as body, pg_current_snapshot()::text as snapshot
