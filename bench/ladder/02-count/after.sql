-- The page. $1 born from this day on.
select customer.id, customer.first_name, customer.last_name, customer.birthday
from customer
where customer.birthday >= $1::date
order by customer.id
limit 20
