-- Locks a customer and its parts until the transaction ends (203_writes.sql). $1 the id.
select lock_customer($1::bigint)
