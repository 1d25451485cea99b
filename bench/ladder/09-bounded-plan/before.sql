-- The newest customers that were not updated since a moment. $1 the moment.
select customer_flat.id, customer_flat.first_name, customer_flat.last_name, customer_flat.created
from customer_flat
where customer_flat.last_updated <= $1::timestamptz
order by customer_flat.created desc, customer_flat.id desc
limit 20
