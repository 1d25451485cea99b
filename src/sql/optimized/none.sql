-- The page of a list that nobody is in, as far as the tags that are known tell. $1 rows, $2 rows to skip.
select 0 as rows, null::text as bodies, /*unseen*/ false /*end*/ as unseen,
  pg_current_snapshot()::text as snapshot
where $1::bigint + $2::bigint > 0
