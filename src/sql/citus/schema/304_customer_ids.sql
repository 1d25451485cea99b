-- Every customer_id that is in use, distributed by itself, so that it can be unique: customers are distributed by their id.
-- 303_writes.sql keeps it, in the transaction of the write.
create table used_customer_id (
  customer_id text not null,
  constraint used_customer_id_pkey primary key (customer_id)
);

do $$
begin
  perform create_distributed_table('used_customer_id', 'customer_id', colocate_with => 'none');
end $$;

insert into used_customer_id select customer.customer_id from customer;
