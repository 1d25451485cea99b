-- The number of customers born on or after a day; the page (after.sql) follows. $1 the day.
select count(*) as count
from customer
where customer.birthday >= $1::date
