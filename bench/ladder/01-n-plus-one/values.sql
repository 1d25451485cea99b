-- The page in the middle of the table.
select 'a page of 20' as name, json_build_array(max(customer.id) / 2) as before,
  json_build_array(max(customer.id) / 2) as after
from customer
