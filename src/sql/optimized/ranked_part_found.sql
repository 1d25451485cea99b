-- Customers of such a part, found by an index.
(
  select found.id
  from (select * from customer_list where /*finding*/ true /*end*/ offset 0) found
  where /*from*/ true /*end*/ and /*filters*/ true /*end*/
  order by /*id_order*/ id desc /*end*/
  limit $1::bigint + $2::bigint
)
