-- Substrings, long and short, of a phone number from the middle of the table.
select asked.digits || ' digits' as name, json_build_array(substr(one.phone_number, 5, asked.digits)) as before,
  json_build_array(substr(one.phone_number, 5, asked.digits)) as after
from (values (7), (5), (3)) asked (digits)
cross join (
  select customer.phone_number
  from customer
  where customer.phone_number is not null and customer.id >= (select max(id) / 2 from customer)
  order by customer.id
  limit 1
) one
order by asked.digits desc
