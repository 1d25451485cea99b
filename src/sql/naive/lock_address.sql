-- Holds an address until the transaction ends: whether it is shared must not change while it is decided what to do
-- with it. $1 its id.
select address.country, address.city, address.city_code, address.street, address.street_number
from address
where address.id = $1::bigint
for update
