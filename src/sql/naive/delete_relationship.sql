-- Deletes the relationship of a customer. $1 the customer's id.
delete from customer_relationship
where customer_relationship.customer_ref = $1::bigint
