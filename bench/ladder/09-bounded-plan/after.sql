-- The newest customers of a country: all who match, then sorted. $1 the country.
with matching as materialized (
  select customer_flat.id, customer_flat.first_name, customer_flat.last_name, customer_flat.created
  from customer_flat
  where customer_flat.country = $1::text
)
select matching.id, matching.first_name, matching.last_name, matching.created
from matching
order by matching.created desc, matching.id desc
limit 20
