-- Customers as they came, newest last, as in most tables. Both ways may use both indexes, and both are planned as a
-- prepared statement comes to be: once, for any value. Of `last_updated <= $1` the planner then guesses a third.
create table customer_flat as
select customer.id, customer.first_name, customer.last_name, customer.created, customer.last_updated
from customer
order by customer.created, customer.id;
create index customer_flat_created_idx on customer_flat (created, id);
create index customer_flat_last_updated_idx on customer_flat (last_updated);
analyze customer_flat;
set local plan_cache_mode = force_generic_plan;
