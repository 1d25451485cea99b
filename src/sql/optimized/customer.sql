-- One customer's JSON text, null where there is none, and the snapshot it was read in. $1 the id.
select (select customer_list.body from customer_list where customer_list.id = $1::bigint) as body,
  pg_current_snapshot()::text as snapshot
