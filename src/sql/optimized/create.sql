-- A new customer with its parts, in one statement; answers its id. $1..$6 first name, last name, gender, customer_id,
-- phone number, birthday; $7 has an address, $8..$12 it: country, city, code, street, number; $13 has a
-- relationship, $14 points, $15 last activity. Null gender and customer_id take their defaults.
with new_address as (
  insert into address (country, city, city_code, street, street_number)
  select $8::text, $9::text, $10::text, $11::text, $12::text
  where $7::boolean
  returning address.id
), new_customer as (
  insert into customer (first_name, last_name, gender, customer_id, phone_number, birthday, address_id)
  values ($1::text, $2::text, coalesce($3::text, 'undefined'),
    coalesce($4::text, replace(gen_random_uuid()::text, '-', '')), $5::text, $6::date, (select id from new_address))
  returning customer.id
), new_relationship as (
  insert into customer_relationship (customer_ref, points, last_activity)
  select new_customer.id, coalesce($14::integer, 0), $15::timestamptz
  from new_customer
  where $13::boolean
)
select new_customer.id
from new_customer
