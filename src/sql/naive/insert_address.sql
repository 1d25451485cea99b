-- Inserts an address; returns its id. $1..$5 country, city, city code, street, street number.
insert into address (country, city, city_code, street, street_number)
values ($1::text, $2::text, $3::text, $4::text, $5::text)
returning address.id
