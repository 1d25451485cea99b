-- The listing of the customers on Citus. Functions go to the workers before anything runs there on several connections.
call listing_make_shard_refresh('customer_list');
call listing_make_shards('customer_list', 'customer');
