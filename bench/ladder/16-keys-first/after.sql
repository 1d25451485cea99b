-- The same page. The inner select reads only the index; `limit` keeps its order. $1 the substring, $2 the number of rows before the page.
select customer.id, customer.first_name, customer.last_name, customer.created
from (
  select key.id
  from (
    select id, last_name from customer order by customer.last_name desc, customer.id desc limit 1000000000
  ) key
  where strpos(lower(key.last_name), lower($1::text)) > 0
  limit 20 offset $2::bigint
) page
cross join lateral (select * from customer where customer.id = page.id offset 0) customer
