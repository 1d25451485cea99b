-- The customers of a country with the most points. $1 the country.
select customer.id, customer.first_name, customer.last_name, address.country, relationship.points
from customer
join address on address.id = customer.address_id
join customer_relationship relationship on relationship.customer_ref = customer.id
where address.country = $1::text
order by relationship.points desc, customer.id desc
limit 20
