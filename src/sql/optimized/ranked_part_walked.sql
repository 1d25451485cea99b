-- Customers of such a part, found along the ids.
(
  select walked.id
  from (select * from customer_list where /*from*/ true /*end*/ order by /*id_order*/ id desc /*end*/ offset 0) walked
  /*tested*/ cross join lateral (select offset 0) tested /*end*/
  where /*filters*/ true /*end*/
  limit $1::bigint + $2::bigint
)
