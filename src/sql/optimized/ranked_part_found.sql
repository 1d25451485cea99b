-- Customers of such a part, found by an index; what is not in the index is looked up for as many as are needed.
(
  select walked.id
  from (
    select found.id
    from (select * from customer_list where /*finding*/ true /*end*/ offset 0) found
    where /*from*/ true /*end*/ and /*filters*/ true /*end*/
    order by /*id_order*/ id desc /*end*/
    limit /*looked*/ $1::bigint + $2::bigint /*end*/
  ) walked
  /*tested*/ cross join lateral (select offset 0) tested /*end*/
  limit $1::bigint + $2::bigint
)
