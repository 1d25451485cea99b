-- The newest customers.
select customer.id, customer.first_name, customer.last_name, customer.created
from customer
order by customer.created desc, customer.id desc
limit 20
