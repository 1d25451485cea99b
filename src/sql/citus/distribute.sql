-- Distributes the tables over the workers of Citus: customers and their relationships by customer id, so that one
-- worker has all of a customer. An address may be shared, so every node has all of them (a reference table). Existing
-- rows are moved. Done once: other versions of the read model find the tables distributed.

do $$
begin
  if exists (select from pg_dist_partition where logicalrelid = 'customer'::regclass) then return; end if;
  -- Left by an interrupted migration. Citus does not distribute a table with triggers.
  drop function if exists migration.refuse() cascade;
  -- One connection per worker: the transaction that moves the rows checks the foreign keys between the tables.
  set local citus.multi_shard_modify_mode = 'sequential';

  -- A unique constraint of a distributed table must include the distribution column. 303_writes.sql keeps customer_id
  -- unique by a separate table.
  alter table customer drop constraint customer_address_id_fkey, drop constraint customer_customer_id_key cascade;
  alter table customer_relationship
    drop constraint customer_relationship_customer_ref_fkey,
    drop constraint customer_relationship_pkey,
    add constraint customer_relationship_pkey primary key (customer_ref, id);

  perform create_reference_table('address');
  perform create_distributed_table('customer', 'id');
  perform create_distributed_table('customer_relationship', 'customer_ref', colocate_with => 'customer');

  -- The coordinator keeps a copy of the moved rows, which no statement reads.
  perform truncate_local_data_after_distributing_table('customer_relationship');
  perform truncate_local_data_after_distributing_table('customer');
  perform truncate_local_data_after_distributing_table('address');

  alter table customer
    add constraint customer_address_id_fkey foreign key (address_id) references address (id);
  alter table customer_relationship
    add constraint customer_relationship_customer_ref_fkey foreign key (customer_ref)
      references customer (id) on delete cascade;

  -- Workers write rows as text, in the time zone of their own sessions.
  execute format('alter database %I set timezone = ''UTC''', current_database());
  execute format('alter database %I set datestyle = ''ISO''', current_database());
  perform run_command_on_workers(format('alter database %I set timezone = ''UTC''', current_database()));
  perform run_command_on_workers(format('alter database %I set datestyle = ''ISO''', current_database()));
end $$;
