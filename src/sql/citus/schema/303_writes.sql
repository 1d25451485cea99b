-- The writes of 203_writes.sql on Citus, each a function of the coordinator. Each of its statements is about one shard or one
-- reference table, for Citus refuses the others. What is committed is committed on all workers (two-phase commit).
--
-- They work with one connection to each worker (sequential), or the key of an address could not be checked. Locks are taken
-- in one order, so that no two writes wait for each other: customer, address, customer_id. An address is locked by an
-- advisory lock of the coordinator, which is held until all workers have committed. Citus would lock all addresses, and let
-- go of them when the first worker has committed.

-- Fails as the unique constraint of the other schema does, also where another transaction that takes it has yet to end.
create function take_customer_id(wanted text) returns void language plpgsql as $$
begin
  insert into used_customer_id (customer_id) values (wanted) on conflict do nothing;
  if not found then
    raise unique_violation using constraint = 'customer_customer_id_key', message = 'customer_id is taken';
  end if;
end $$;

create function lock_address(address_key bigint) returns void language sql
  return pg_advisory_xact_lock(hashtextextended('address ' || address_key, 0));

-- Deletes an address that is locked, where no customer has it any more.
create function leave_address(address_key bigint) returns void language plpgsql as $$
begin
  perform 1 from customer where customer.address_id = address_key limit 1;
  if not found then
    delete from address where address.id = address_key;
  end if;
end $$;

-- A new customer with its parts; answers its id. Null gender and customer_id take their defaults.
create function create_customer(first_name text, last_name text, gender text, customer_id text, phone_number text,
  birthday date, has_address boolean, country text, city text, city_code text, street text, street_number text,
  has_relationship boolean, points integer, last_activity timestamptz) returns bigint language plpgsql
set citus.multi_shard_modify_mode = 'sequential' as $$
declare
  own_key constant text := coalesce(create_customer.customer_id, replace(gen_random_uuid()::text, '-', ''));
  own_gender constant text := coalesce(create_customer.gender, 'undefined');
  own_points constant integer := coalesce(create_customer.points, 0);
  new_address bigint;
  new_id bigint;
begin
  perform take_customer_id(own_key);
  if has_address then
    insert into address (country, city, city_code, street, street_number)
    values (create_customer.country, create_customer.city, create_customer.city_code, create_customer.street,
      create_customer.street_number)
    returning address.id into new_address;
  end if;
  insert into customer (first_name, last_name, gender, customer_id, phone_number, birthday, address_id)
  values (create_customer.first_name, create_customer.last_name, own_gender, own_key, create_customer.phone_number,
    create_customer.birthday, new_address)
  returning customer.id into new_id;
  if has_relationship then
    insert into customer_relationship (customer_ref, points, last_activity)
    values (new_id, own_points, create_customer.last_activity);
  end if;
  perform customer_list_refresh(array[new_id]);
  return new_id;
end $$;

-- Holds a customer and its parts until the transaction ends; with the row of the listing also what SQL by hand is changing of its
-- address.
create function lock_customer(customer_key bigint) returns void language plpgsql as $$
declare
  address_key bigint;
begin
  select customer.address_id into address_key from customer where customer.id = customer_key for update;
  perform 1 from customer_relationship where customer_ref = customer_key for update;
  perform 1 from customer_list where id = customer_key for update;
  perform lock_address(address_key);
end $$;

-- Applies a JSON merge patch. `is_there` is false where there is no such customer; `missing` names what the address
-- would lack, and then nothing was changed.
create function patch_customer(customer_key bigint, patch jsonb, out is_there boolean, out missing text[])
language plpgsql set citus.multi_shard_modify_mode = 'sequential' as $$
declare
  was customer;
  changed customer;
  related customer_relationship;
  merged jsonb;
  new_address bigint;
begin
  missing := '{}';
  select * into was from customer where customer.id = customer_key for update;
  is_there := found;
  if not found or patch = '{}' then return; end if;

  new_address := was.address_id;
  if patch ? 'address' then
    perform lock_address(was.address_id);
    if patch -> 'address' = 'null' then
      new_address := null;
    else
      select jsonb_build_object('country', country, 'city', city, 'city_code', city_code, 'street', street,
        'street_number', street_number)
      into merged from address where address.id = was.address_id;
      merged := coalesce(merged, '{}') || (patch -> 'address');
      missing := array(select name from unnest(array['country', 'city', 'city_code']) name where not merged ? name);
      if cardinality(missing) > 0 then return; end if;
    end if;
  end if;

  changed := jsonb_populate_record(was, patch - 'address' - 'relationship');
  if changed.customer_id <> was.customer_id then
    perform take_customer_id(changed.customer_id);
    delete from used_customer_id where customer_id = was.customer_id;
  end if;

  if merged is not null then
    perform 1 from customer where customer.address_id = was.address_id and customer.id <> customer_key limit 1;
    if found or was.address_id is null then
      insert into address (country, city, city_code, street, street_number)
      values (merged ->> 'country', merged ->> 'city', merged ->> 'city_code', merged ->> 'street',
        merged ->> 'street_number')
      returning address.id into new_address;
    else
      update address
      set country = merged ->> 'country', city = merged ->> 'city', city_code = merged ->> 'city_code',
        street = merged ->> 'street', street_number = merged ->> 'street_number'
      where address.id = was.address_id;
    end if;
  end if;

  if patch -> 'relationship' = 'null' then
    delete from customer_relationship where customer_ref = customer_key;
  elsif patch ? 'relationship' then
    select * into related from customer_relationship where customer_ref = customer_key for update;
    related := jsonb_populate_record(related, patch -> 'relationship');
    insert into customer_relationship (customer_ref, points, last_activity)
    values (customer_key, coalesce(related.points, 0), related.last_activity)
    on conflict (customer_ref) do update set points = excluded.points, last_activity = excluded.last_activity;
  end if;

  update customer
  set first_name = changed.first_name, last_name = changed.last_name, gender = changed.gender,
    customer_id = changed.customer_id, phone_number = changed.phone_number, birthday = changed.birthday,
    address_id = new_address, last_updated = now()
  where customer.id = customer_key;

  if new_address is null and was.address_id is not null then
    perform leave_address(was.address_id);
  end if;
  perform customer_list_refresh(array[customer_key]);
end $$;

-- Deletes a customer with its parts; false where there is none.
create function delete_customer(customer_key bigint) returns boolean language plpgsql
set citus.multi_shard_modify_mode = 'sequential' as $$
declare
  was customer;
begin
  select * into was from customer where customer.id = customer_key for update;
  if not found then return false; end if;
  perform lock_address(was.address_id);
  delete from used_customer_id where customer_id = was.customer_id;
  delete from customer where customer.id = customer_key;
  delete from customer_list where id = customer_key;
  if was.address_id is not null then
    perform leave_address(was.address_id);
  end if;
  return true;
end $$;
