-- Inserts a customer; returns its id. $1..$6 first name, last name, gender, customer_id, phone number, birthday; $7 the
-- address id. Null gender and customer_id take their defaults.
insert into customer (first_name, last_name, gender, customer_id, phone_number, birthday, address_id)
values ($1::text, $2::text, coalesce($3::text, 'undefined'), coalesce($4::text, replace(gen_random_uuid()::text, '-', '')),
  $5::text, $6::date, $7::bigint)
returning customer.id
