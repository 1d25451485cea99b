-- Creates a customer with its parts (203_writes.sql); returns its id and the changes (104_changes.sql). $1..$6 first
-- name, last name, gender, customer_id, phone number, birthday; $7 has an address, $8..$12 country, city, city code,
-- street, street number; $13 has a relationship, $14 points, $15 last activity.
select created.id, customer_list_changes_made() as changes
from create_customer($1::text, $2::text, $3::text, $4::text, $5::text, $6::date, $7::boolean, $8::text, $9::text,
  $10::text, $11::text, $12::text, $13::boolean, $14::integer, $15::timestamptz) created (id)
