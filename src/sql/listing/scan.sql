-- A page by testing every row of the table, where no index finds the matches and a walk to them is long; or those of one range
-- of a B-tree, where the zone map says that the matches lie within. `offset 0` keeps the planner from any other index.
-- $1 rows, $2 rows to skip.
select count(*) as rows, string_agg({row}, ',') as bodies, pg_current_snapshot()::text as snapshot
from (
  select *
  from (select * from {list} where {within} offset 0) scanned
  where {tests}
  order by {order}
  limit $1::bigint offset $2::bigint
) page
