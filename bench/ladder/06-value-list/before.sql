-- The newest customers whose first name contains a substring. $1 the substring, in lower case.
select customer.id, customer.first_name, customer.last_name, customer.created
from customer
where lower(customer.first_name) like '%' || $1::text || '%'
order by customer.created desc, customer.id desc
limit 20
