-- Holds a customer until the transaction ends, so that two changes of one customer come after one another. $1 its id.
select customer.id, customer.address_id
from customer
where customer.id = $1::bigint
for update
