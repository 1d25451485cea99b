-- The response stored under a key, and whether its request had the same body, in any order of fields. $1 the key, $2
-- the body of the request, as JSON.
select known.customer_ref as id, known.body, known.xid::text as xid,
  known.request = sha256(convert_to($2::text::jsonb::text, 'UTF8')) as is_same
from idempotency_key known
where known.key = $1::text
