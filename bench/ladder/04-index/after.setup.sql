-- The order of the list, its tie-break included.
create index customer_created_idx on customer (created, id)
