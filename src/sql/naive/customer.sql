-- One customer. $1 its id.
select customer.id, customer.first_name, customer.last_name, customer.gender, customer.customer_id,
  customer.phone_number, customer.created, customer.birthday, customer.last_updated, customer.address_id
from customer
where customer.id = $1::bigint
