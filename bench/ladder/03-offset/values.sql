-- Pages 1, 1 000 and 100 000, or the last page if there are fewer. The key before page 1 is later than all rows.
select 'page ' || asked.page as name, json_build_array((asked.page - 1) * 20) as before,
  json_build_array(coalesce(last.created, 'infinity'), coalesce(last.id, 0)) as after
from (
  select distinct least(wanted.page, (select count(*) from customer) / 20) as page
  from (values (1), (1000), (100000)) wanted (page)
) asked
left join lateral (
  select customer.created, customer.id
  from customer
  where asked.page > 1
  order by customer.created desc, customer.id desc
  limit 1 offset greatest((asked.page - 1) * 20 - 1, 0)
) last on true
order by asked.page
