-- A page by the inverted index. It is read in one place after the other; the rows found in a place are tested and
-- sorted there. If the places are buckets of the list's order, reading ends when the page is full. If they are some of
-- the requested values, or everything, the rows of all places are sorted again. `offset 0` keeps the planner from any
-- other access path. If the time is over at the end, some buckets may be unread. $1 rows, $2 rows to skip.
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
