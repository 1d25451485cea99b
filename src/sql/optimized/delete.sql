-- Deletes a customer with its parts (105_writes.sql). $1 the id.
select delete_customer($1::bigint) as is_there
