-- The order of the list, including the tie-breaker.
create index customer_created_idx on customer (created, id)
