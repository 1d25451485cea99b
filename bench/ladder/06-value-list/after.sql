-- The newest customers whose first name contains a substring, merged from the newest of each matching name. $1 the
-- substring, in lower case.
select newest.id, newest.first_name, newest.last_name, newest.created
from (
  select first_name_value.first_name
  from first_name_value
  where lower(first_name_value.first_name) like '%' || $1::text || '%'
) matching
cross join lateral (
  select customer.id, customer.first_name, customer.last_name, customer.created
  from customer
  where customer.first_name = matching.first_name
  order by customer.created desc, customer.id desc
  limit 20
) newest
order by newest.created desc, newest.id desc
limit 20
