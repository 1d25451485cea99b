-- The number of matching rows.
select count(*) as count
from {places}
cross join lateral (
  select
  from (select * from {list} where {find} offset 0) found
  where {tests}
) matching
