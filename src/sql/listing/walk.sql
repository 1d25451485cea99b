-- A page by walking an index in the order of the list, testing each row. Rows with a value of the first sort column
-- come before those without, or the reverse. If the zone map was used, only the segments of values where it allows
-- matches are read. Each part has a maximum number of rows to read. $1 rows, $2 rows to skip.
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
