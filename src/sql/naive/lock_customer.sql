-- Locks a customer until the transaction ends, so that changes of one customer are serialized. $1 its id.
select customer.id, customer.address_id
from customer
where customer.id = $1::bigint
for update
