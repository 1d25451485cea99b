-- The changes of a transaction that a server may not have seen yet (104_changes.sql). $1 the transaction.
select customer_list_changes_made($1::text::xid8) as changes
