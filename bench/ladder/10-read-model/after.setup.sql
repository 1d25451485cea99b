-- The read model, its index, and a trigger that adds new customers. The complete one is in src/sql/optimized/schema.
create view flat_customer as
select customer.id, customer.first_name, customer.last_name, address.country, relationship.points
from customer
left join address on address.id = customer.address_id
left join customer_relationship relationship on relationship.customer_ref = customer.id;

create table customer_flat as select * from flat_customer;
alter table customer_flat add primary key (id);
create index customer_flat_country_points_idx on customer_flat (country, points, id);
analyze customer_flat;

create function add_flat() returns trigger language plpgsql as $$
begin
  insert into customer_flat select * from flat_customer where id in (select id from added);
  return null;
end $$;
create trigger flat_added after insert on customer
  referencing new table as added for each statement execute function add_flat();
