-- A page by number. $1 the number of rows before it.
select customer.id, customer.first_name, customer.last_name, customer.created
from customer
order by customer.created desc, customer.id desc
limit 20 offset $1::bigint
