-- The address of one customer. $1 the address id.
select address.city, address.country
from address
where address.id = $1::bigint
