-- Deletes a customer with its parts (105_writes.sql); answers what that changed (106_changes.sql). $1 the id.
select deleted.is_there, changes_made() as changes
from delete_customer($1::bigint) deleted (is_there)
