-- Customers in order of creation, newest last, as in most tables. Both ways may use both indexes. Both get a generic plan,
-- as prepared statements eventually do. For `last_updated <= $1` its selectivity estimate is a third.
create table customer_flat as
select customer.id, customer.first_name, customer.last_name, customer.created, customer.last_updated
from customer
order by customer.created, customer.id;
create index customer_flat_created_idx on customer_flat (created, id);
create index customer_flat_last_updated_idx on customer_flat (last_updated);
analyze customer_flat;
set local plan_cache_mode = force_generic_plan;
