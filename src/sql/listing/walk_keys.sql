-- A page by walking an index in the order of the list, like walk.sql, but the keys alone: an index-only scan. Conditions on
-- the columns of the order are tested on the keys, and a row is read by its id only if its key passes them. If there are no
-- other conditions, skipped rows are not read either. $1 rows, $2 rows to skip.
select count(*) as rows, string_agg({row}, ',') as bodies, pg_current_snapshot()::text as snapshot
from (
  select whole.*
  from (
    select id
    from (
      (
        select part.*
        from {segments}
        cross join lateral (select {keys} from {list} where {first} order by {walk_order} limit {first_rows}) part
        limit {first_rows}
      )
      union all
      (select {keys} from {list} where {second} order by {walk_order} limit {second_rows})
    ) walked
    where {key_tests}
    {key_limit}
  ) hit
  cross join lateral (select * from {list} where {list}.id = hit.id and {tests} offset 0) whole
  {limit}
) page
