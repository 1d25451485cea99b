-- A thousand new customers with address and relationship. Its time shows what a way to read costs for writes.
with new_address as (
  insert into address (country, city, city_code, street, street_number)
  select 'Testland', 'Ladderton', lpad(step::text, 5, '0'), 'Rung Street', step::text
  from generate_series(1, 1000) step
  returning address.id
), new_customer as (
  insert into customer (first_name, last_name, customer_id, phone_number, birthday, address_id)
  select 'Anna' || new_address.id % 10, 'Ladder', 'ladder' || new_address.id,
    '+49' || lpad((new_address.id * 7919 % 1000000000)::text, 9, '0'), '1990-12-10', new_address.id
  from new_address
  returning customer.id
)
insert into customer_relationship (customer_ref, points)
select new_customer.id, new_customer.id % 50000
from new_customer
