-- Applies a JSON merge patch to a customer (203_writes.sql); returns the changes (104_changes.sql). $1 the id, $2 the patch.
select changed.is_there, changed.missing, customer_list_changes_made() as changes
from patch_customer($1::bigint, $2::text::jsonb) changed
