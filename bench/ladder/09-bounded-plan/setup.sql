-- Customers as they came, newest last, as in most tables. Both ways may use both indexes, and both are planned as a
-- prepared statement comes to be: once, for any value.
create table customer_flat as
select customer.id, customer.first_name, customer.last_name, customer.created, address.country
from customer
join address on address.id = customer.address_id
order by customer.created, customer.id;
create index customer_flat_created_idx on customer_flat (created, id);
create index customer_flat_country_idx on customer_flat (country);
analyze customer_flat;
set local plan_cache_mode = force_generic_plan;
