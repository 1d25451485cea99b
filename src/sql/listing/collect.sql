-- A page by the inverted index: what it finds in one place after the other, tested and sorted there. A place is a bucket in the
-- order of the list, and then the page is full when it is; or it is some of the values that are asked for, or everything, and then
-- what all places have is sorted once more. `offset 0` keeps the planner from any other way to the rows than that index. Where the time is
-- over at the end, some buckets may not have been asked. $1 rows, $2 rows to skip.
select count(*) as rows, string_agg({row}, ',') as bodies, pg_current_snapshot()::text as snapshot, {in_time} as complete
from (
  select matching.*
  from {places}
  cross join lateral (
    select *
    from (select * from {list} where {find} offset 0) found
    where {tests}
    order by {order}
    limit $1::bigint + $2::bigint
  ) matching
  {sorted}
  limit $1::bigint offset $2::bigint
) page
