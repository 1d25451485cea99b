-- A page of customers. For each customer, address.sql and relationship.sql follow. $1 the id before the page.
select customer.id, customer.first_name, customer.last_name, customer.address_id
from customer
where customer.id > $1::bigint
order by customer.id
limit 20
