-- How many match; the page follows (after.sql). $1 born from this day on.
select count(*) as count
from customer
where customer.birthday >= $1::date
