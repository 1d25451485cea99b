-- The relationship of one customer. $1 the customer's id.
select relationship.points
from customer_relationship relationship
where relationship.customer_ref = $1::bigint
