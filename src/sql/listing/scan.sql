-- A page of rows that no block range excludes, up to a place in the list, and from there on by walking: where next to
-- nothing is expected before that place. Without a place to walk from it scans the list. `offset 0` keeps the planner from
-- any other index than that of blocks. $1 rows, $2 rows to skip.
select count(*) as rows, string_agg({row}, ',') as bodies, pg_current_snapshot()::text as snapshot
from (
  select *
  from (
    (
      select *
      from (select * from {list} where {blocks} offset 0) scanned
      where {tests} and {before}
      order by {order}
      limit $1::bigint + $2::bigint
    )
    union all
    (
      select *
      from (
        (select * from {list} where {first} order by {walk_order} limit {budget})
        union all
        (select * from {list} where {second} order by {walk_order} limit {budget})
      ) walked
      where {tests}
      limit $1::bigint + $2::bigint
    )
  ) matching
  limit $1::bigint offset $2::bigint
) page
