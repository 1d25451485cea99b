-- A page by walking an index in the order of the list, testing each row: first the rows with a value of the first sort
-- column, then those without, or the other way round. Of the values only the segments are read where the zone map says that
-- matches can lie, if it was asked. Reads so many rows of each at the most. $1 rows, $2 rows to skip.
select count(*) as rows, string_agg({row}, ',') as bodies, pg_current_snapshot()::text as snapshot
from (
  select *
  from (
    (
      select part.*
      from {segments}
      cross join lateral (select * from {list} where {first} order by {walk_order} limit {first_rows}) part
      limit {first_rows}
    )
    union all
    (select * from {list} where {second} order by {walk_order} limit {second_rows})
  ) walked
  where {tests}
  limit $1::bigint offset $2::bigint
) page
