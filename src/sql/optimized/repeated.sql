-- What a transaction changed, as far as a server may not know of it yet (104_changes.sql). $1 the transaction.
select customer_list_changes_made($1::text::xid8) as changes
