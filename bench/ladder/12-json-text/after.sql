-- A page as a single text. $1 the id before the page.
select string_agg(page.body, ',' order by page.id) as bodies
from (
  select customer_body.id, customer_body.body
  from customer_body
  where customer_body.id > $1::bigint
  order by customer_body.id
  limit 100
) page
