-- Names of a customer from the middle of the table, and the most frequent country.
select asked.name, json_build_array(asked.words) as before, json_build_array(asked.words) as after
from (
  (
    select 1 as place, 'first and last name' as name, customer.first_name || ' ' || customer.last_name as words
    from customer
    where customer.id >= (select max(id) / 2 from customer)
    order by customer.id
    limit 1
  )
  union all
  (
    select 2, 'the most frequent country', address.country
    from address
    group by address.country
    order by count(*) desc, address.country
    limit 1
  )
) asked
order by asked.place
