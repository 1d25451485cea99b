-- A page of customers with address and relationship. $1 the id before the page. The limit comes before the joins:
-- otherwise a merge join would read all joined rows up to the page.
select page.id, page.first_name, page.last_name, address.city, address.country, relationship.points
from (
  select customer.id, customer.first_name, customer.last_name, customer.address_id
  from customer
  where customer.id > $1::bigint
  order by customer.id
  limit 20
) page
left join address on address.id = page.address_id
left join customer_relationship relationship on relationship.customer_ref = page.id
order by page.id
