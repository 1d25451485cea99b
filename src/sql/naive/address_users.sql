-- The number of customers with an address. $1 its id.
select count(*) as users
from customer
where customer.address_id = $1::bigint
