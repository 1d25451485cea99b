-- The newest customers with a part of a first name. $1 the part, in lower case.
select customer.id, customer.first_name, customer.last_name, customer.created
from customer
where lower(customer.first_name) like '%' || $1::text || '%'
order by customer.created desc, customer.id desc
limit 20
