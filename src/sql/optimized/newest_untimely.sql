-- The branch of newest.sql for customers who were changed or active before they were created.
(
  select untimely.id, created as key
  from (select * from customer_list where customer_list.untimely offset 0) untimely
  where /*from*/ true /*end*/ and /*filters*/ true /*end*/
  order by /*order*/ created desc, id desc /*end*/
  limit $1::bigint + $2::bigint
)
