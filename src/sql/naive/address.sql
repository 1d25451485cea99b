-- The address of one customer. $1 the address id.
select address.country, address.city, address.city_code, address.street, address.street_number
from address
where address.id = $1::bigint
