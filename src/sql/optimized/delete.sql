-- Deletes a customer with its parts (203_writes.sql); returns the changes (104_changes.sql). $1 the id.
select deleted.is_there, customer_list_changes_made() as changes
from delete_customer($1::bigint) deleted (is_there)
