-- A branch of newest.sql: the first customers of each of these values of one column.
select first.id, first.key
from unnest(/*tags*/ array[1] /*end*/) matching (tag)
cross join lateral (
  select id, created as key
  from (
    select *
    from customer_list
    where customer_list./*column*/ city_tag /*end*/ = matching.tag and /*from*/ true /*end*/
    order by /*order*/ created desc, id desc /*end*/
    offset 0
  ) in_order
  where /*filters*/ true /*end*/
  limit $1::bigint + $2::bigint
) first
