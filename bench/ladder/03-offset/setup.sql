-- Both ways read this index; only where they begin differs.
create index customer_created_idx on customer (created, id)
