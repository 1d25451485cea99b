-- A page by testing rows: every row of the table, if no index finds the matches and a walk to them is long; or those of
-- a B-tree range in the segments where the zone map allows matches. `offset 0` keeps the planner from any other index.
-- $1 rows, $2 rows to skip.
select count(*) as rows, string_agg({row}, ',') as bodies, pg_current_snapshot()::text as snapshot
from (
  select *
  from (
    select part.* from {segments} cross join lateral (select * from {list} where {within} offset 0) part offset 0
  ) scanned
  where {tests}
  order by {order}
  limit $1::bigint offset $2::bigint
) page
