-- The first page of a part that only names at the end of the order have, and far down the list of a frequent part.
select asked.name, json_build_array(asked.part, asked.skipped) as before, json_build_array(asked.part, asked.skipped) as after
from (
  select 1 as place, 'only at the far end' as name, min(lower(customer.last_name)) as part, 0 as skipped
  from customer
  union all
  select 2, 'frequent, far down', 'e', count(*) / 4
  from customer
  where strpos(lower(customer.last_name), 'e') > 0
) asked
order by asked.place
