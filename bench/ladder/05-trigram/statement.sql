-- Customers whose phone number contains some digits. $1 the digits.
select customer.id, customer.first_name, customer.last_name, customer.phone_number
from customer
where customer.phone_number like '%' || $1::text || '%'
order by customer.id
limit 20
