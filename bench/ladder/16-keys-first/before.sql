-- A page by last name of customers whose last name contains a substring. $1 the substring, $2 the number of rows before the page.
select customer.id, customer.first_name, customer.last_name, customer.created
from (
  select * from customer order by customer.last_name desc, customer.id desc limit 1000000000
) customer
where strpos(lower(customer.last_name), lower($1::text)) > 0
limit 20 offset $2::bigint
