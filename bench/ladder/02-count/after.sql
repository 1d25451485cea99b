-- The page of customers born on or after a day. $1 the day.
select customer.id, customer.first_name, customer.last_name, customer.birthday
from customer
where customer.birthday >= $1::date
order by customer.id
limit 20
