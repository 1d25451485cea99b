-- Deletes a customer; its relationship goes with it. $1 its id.
delete from customer
where customer.id = $1::bigint
