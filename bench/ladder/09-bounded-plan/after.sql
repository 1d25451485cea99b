-- The newest customers that were not updated since a moment. Up to 1 000 matches are collected from the filter's index and
-- sorted. If there are more, the list is walked in its order instead. $1 the moment.
with collected as materialized (
  select customer_flat.id, customer_flat.first_name, customer_flat.last_name, customer_flat.created
  from customer_flat
  where customer_flat.last_updated <= $1::timestamptz
  order by customer_flat.last_updated desc
  limit 1001
), page as (
  (
    select collected.id, collected.first_name, collected.last_name, collected.created
    from collected
    where (select count(*) from collected) <= 1000
    order by collected.created desc, collected.id desc
    limit 20
  )
  union all
  (
    select customer_flat.id, customer_flat.first_name, customer_flat.last_name, customer_flat.created
    from customer_flat
    where (select count(*) from collected) > 1000 and customer_flat.last_updated <= $1::timestamptz
    order by customer_flat.created desc, customer_flat.id desc
    limit 20
  )
)
select page.id, page.first_name, page.last_name, page.created
from page
order by page.created desc, page.id desc
