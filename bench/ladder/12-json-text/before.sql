-- A page of rows. $1 the id before the page.
select customer.id, customer.first_name, customer.last_name, customer.gender, customer.customer_id,
  customer.phone_number, customer.birthday, customer.created
from customer
where customer.id > $1::bigint
order by customer.id
limit 100
