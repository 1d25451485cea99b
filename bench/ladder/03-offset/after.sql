-- The page after a row. $1 created and $2 id of the last row of the previous page.
select customer.id, customer.first_name, customer.last_name, customer.created
from customer
where (customer.created, customer.id) < ($1::timestamptz, $2::bigint)
order by customer.created desc, customer.id desc
limit 20
