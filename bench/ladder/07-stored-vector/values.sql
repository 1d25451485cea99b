-- Name and city of a customer from the middle of the table.
select 'a name and a city' as name, json_build_array(somebody.words) as before, json_build_array(somebody.words) as after
from (
  select customer.first_name || ' ' || customer.last_name || ' ' || address.city as words
  from customer
  join address on address.id = customer.address_id
  where customer.id >= (select max(id) / 2 from customer)
  order by customer.id
  limit 1
) somebody
