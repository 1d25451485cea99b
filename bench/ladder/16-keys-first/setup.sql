-- Both ways walk this index.
create index customer_last_name_idx on customer (last_name, id)
