-- Both ways read this index. Only their starting points differ.
create index customer_created_idx on customer (created, id)
