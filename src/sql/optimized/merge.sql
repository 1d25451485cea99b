-- A page of the newest or oldest customers that have one of the matching values of one column: the first few of each
-- value from the index (column, created, id), merged. $1 rows, $2 rows to skip, $3 the part of the value.
with value as materialized (
  select list_value.value
  from list_value
  where list_value.kind = /*kind*/ 'city' /*end*/ and list_value.folded like '%' || lower($3::text) || '%'
)
select count(*) as rows, string_agg(page.body, e'\n') as bodies
from (
  select first.body
  from value
  cross join lateral (
    select customer_list.id, customer_list.created, customer_list.body
    from customer_list
    where customer_list./*column*/ city /*end*/ = value.value and /*from*/ true /*end*/
    order by /*order*/ created desc, id desc /*end*/
    limit $1::bigint + $2::bigint
  ) first
  order by /*order*/ created desc, id desc /*end*/
  limit $1::bigint offset $2::bigint
) page
