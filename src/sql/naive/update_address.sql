-- Updates an address that only one customer has. $1 its id, $2..$6 country, city, city code, street, street number.
update address
set country = $2::text, city = $3::text, city_code = $4::text, street = $5::text, street_number = $6::text
where address.id = $1::bigint
