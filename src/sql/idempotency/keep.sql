-- Stores a response under its key. Also deletes up to two keys that expired an hour ago or earlier, so that the table
-- does not grow. It skips those that another transaction holds, so it never waits. $1 the key, $2 the customer's id, $3
-- the response body.
with expired as (
  delete from idempotency_key
  where key = any(array(
    select old.key
    from idempotency_key old
    where old.created < now() - interval '25 hours'
    order by old.created, old.key
    limit 2
    for update skip locked))
)
update idempotency_key
set customer_ref = $2::bigint, body = $3::text
where key = $1::text
