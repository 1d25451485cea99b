-- Distributes the tables over the workers of Citus: customers, and what is found by a customer's id, by that id, so that one worker
-- has all of a customer. An address may be shared, so every node has all of them (a reference table). Rows that are there
-- already are moved. Done once: other versions of the read model find the tables distributed.

do $$
begin
  if exists (select from pg_dist_partition where logicalrelid = 'customer'::regclass) then return; end if;
  -- Of an interrupted migration; Citus distributes no table with triggers.
  drop function if exists migration.refuse() cascade;
  -- One connection to each worker: keys between the tables are checked in the transaction that moves the rows.
  set local citus.multi_shard_modify_mode = 'sequential';

  -- A unique constraint of a distributed table must hold the column that it is distributed by. 303_writes.sql keeps
  -- customer_id unique by a table of its own.
  alter table customer drop constraint customer_address_id_fkey, drop constraint customer_customer_id_key cascade;
  alter table customer_relationship
    drop constraint customer_relationship_customer_ref_fkey,
    drop constraint customer_relationship_pkey,
    add constraint customer_relationship_pkey primary key (customer_ref, id);

  perform create_reference_table('address');
  perform create_distributed_table('customer', 'id');
  perform create_distributed_table('customer_relationship', 'customer_ref', colocate_with => 'customer');

  -- The coordinator keeps a copy of what it has moved, which no statement reads.
  perform truncate_local_data_after_distributing_table('customer_relationship');
  perform truncate_local_data_after_distributing_table('customer');
  perform truncate_local_data_after_distributing_table('address');

  alter table customer
    add constraint customer_address_id_fkey foreign key (address_id) references address (id);
  alter table customer_relationship
    add constraint customer_relationship_customer_ref_fkey foreign key (customer_ref)
      references customer (id) on delete cascade;

  -- Workers write rows as texts, in the time zone of their own sessions.
  execute format('alter database %I set timezone = ''UTC''', current_database());
  execute format('alter database %I set datestyle = ''ISO''', current_database());
  perform run_command_on_workers(format('alter database %I set timezone = ''UTC''', current_database()));
  perform run_command_on_workers(format('alter database %I set datestyle = ''ISO''', current_database()));
end $$;
