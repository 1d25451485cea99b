-- A part of ranked_in_parts.sql: customers who all have one rank.
(
  select id, /*rank*/ 0::real /*end*/ as key
  from (/*branches*/ select 1::bigint as id /*end*/) part
  order by /*id_order*/ id desc /*end*/
  limit $1::bigint + $2::bigint
)
