-- The JSON text of each customer. Rung 10 shows how such a table follows its customers, and what that costs.
create table customer_body as
select customer.id, concat('{"id":', customer.id,
  ',"first_name":', to_json(customer.first_name),
  ',"last_name":', to_json(customer.last_name),
  ',"gender":', to_json(customer.gender),
  ',"customer_id":', to_json(customer.customer_id),
  ',"phone_number":', coalesce(to_json(customer.phone_number), 'null'),
  ',"birthday":', coalesce(to_json(customer.birthday), 'null'),
  ',"created":"', to_char(customer.created at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '"}') as body
from customer;
alter table customer_body add primary key (id);
analyze customer_body;
