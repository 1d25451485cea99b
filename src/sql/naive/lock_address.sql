-- Locks an address until the transaction ends: whether it is shared must not change before it is written. $1 its id.
select address.country, address.city, address.city_code, address.street, address.street_number
from address
where address.id = $1::bigint
for update
