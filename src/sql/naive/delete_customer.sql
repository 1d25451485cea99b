-- Deletes a customer and, by cascade, its relationship. $1 its id.
delete from customer
where customer.id = $1::bigint
