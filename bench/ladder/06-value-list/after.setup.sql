-- The values, the index with each value's customers in the order of the list, and a trigger that adds new values.
create table first_name_value as
select customer.first_name
from customer
group by customer.first_name;
alter table first_name_value add primary key (first_name);
analyze first_name_value;

create index customer_first_name_created_idx on customer (first_name, created, id);

create function add_first_names() returns trigger language plpgsql as $$
begin
  insert into first_name_value select distinct first_name from added on conflict do nothing;
  return null;
end $$;
create trigger first_names_added after insert on customer
  referencing new table as added for each statement execute function add_first_names();
