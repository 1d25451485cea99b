-- The customers of a country with the most points. $1 the country.
select customer_flat.id, customer_flat.first_name, customer_flat.last_name, customer_flat.country, customer_flat.points
from customer_flat
where customer_flat.country = $1::text and customer_flat.points is not null
order by customer_flat.points desc, customer_flat.id desc
limit 20
