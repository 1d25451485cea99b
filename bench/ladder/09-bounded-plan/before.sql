-- The newest customers of a country. $1 the country.
select customer_flat.id, customer_flat.first_name, customer_flat.last_name, customer_flat.created
from customer_flat
where customer_flat.country = $1::text
order by customer_flat.created desc, customer_flat.id desc
limit 20
