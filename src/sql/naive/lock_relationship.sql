-- Locks the relationship of a customer until the transaction ends. $1 the customer's id.
select relationship.id
from customer_relationship relationship
where relationship.customer_ref = $1::bigint
for update
