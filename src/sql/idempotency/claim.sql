-- Claims a key that is new or older than a day; no row if it is taken. If another transaction is using the key, this
-- waits for its end, at most 2 s: the wait holds a pooled connection. $1 the key, $2 the body of the request, as JSON.
with expired as (
  delete from idempotency_key
  where key = $1::text and created < now() - interval '1 day'
  returning key
)
insert into idempotency_key (key, request)
select $1::text, sha256(convert_to($2::text::jsonb::text, 'UTF8'))
from (select count(*) from expired) gone, set_config('lock_timeout', '2s', true)
on conflict on constraint idempotency_key_pkey do nothing
returning key
