-- Writes, each one round trip. They are functions because what to do with an address depends on who else has it, and
-- that is only known after the address is locked, in a statement of its own; and because what the triggers of a
-- statement have done is seen by the statement after it (104_changes.sql).

-- A new customer with its parts; answers its id. Null gender and customer_id take their defaults.
create function create_customer(first_name text, last_name text, gender text, customer_id text, phone_number text,
  birthday date, has_address boolean, country text, city text, city_code text, street text, street_number text,
  has_relationship boolean, points integer, last_activity timestamptz) returns bigint language plpgsql as $$
declare
  new_id bigint;
begin
  perform set_config('listing.held', 'yes', true);
  with new_address as (
    insert into address (country, city, city_code, street, street_number)
    select create_customer.country, create_customer.city, create_customer.city_code, create_customer.street,
      create_customer.street_number
    where has_address
    returning address.id
  ), new_customer as (
    insert into customer (first_name, last_name, gender, customer_id, phone_number, birthday, address_id)
    values (create_customer.first_name, create_customer.last_name, coalesce(create_customer.gender, 'undefined'),
      coalesce(create_customer.customer_id, replace(gen_random_uuid()::text, '-', '')), create_customer.phone_number,
      create_customer.birthday, (select new_address.id from new_address))
    returning customer.id
  ), new_relationship as (
    insert into customer_relationship (customer_ref, points, last_activity)
    select new_customer.id, coalesce(create_customer.points, 0), create_customer.last_activity
    from new_customer
    where has_relationship
  )
  select new_customer.id into new_id from new_customer;
  perform set_config('listing.held', '', true);
  perform customer_list_refresh(array[new_id]);
  return new_id;
end $$;

-- Holds a customer and its parts until the transaction ends: what is compared now is what is changed then. Each lock is
-- a statement of its own, so that it is taken on what the transactions before it have left. Triggers lock a relationship
-- before its address, too (202_triggers.sql).
create function lock_customer(customer_key bigint) returns void language plpgsql as $$
declare
  address_key bigint;
begin
  select customer.address_id into address_key from customer where customer.id = customer_key for update;
  perform from customer_relationship where customer_ref = customer_key for update;
  perform from address where address.id = address_key for update;
end $$;

-- Applies a JSON merge patch. `is_there` is false where there is no such customer; `missing` names what the address
-- would lack, and then nothing was changed.
create function patch_customer(customer_key bigint, patch jsonb, out is_there boolean, out missing text[])
language plpgsql as $$
declare
  old_address bigint;
  new_address bigint;
  merged jsonb;
begin
  missing := '{}';
  select customer.address_id into old_address from customer where customer.id = customer_key for update;
  is_there := found;
  if not found or patch = '{}' then return; end if;

  new_address := old_address;
  if patch -> 'address' = 'null' then
    perform from address where address.id = old_address for update;
    new_address := null;
  elsif patch ? 'address' then
    select jsonb_build_object('country', country, 'city', city, 'city_code', city_code, 'street', street,
      'street_number', street_number)
    into merged from address where address.id = old_address for update;
    merged := coalesce(merged, '{}') || (patch -> 'address');
    missing := array(select name from unnest(array['country', 'city', 'city_code']) name where not merged ? name);
    if cardinality(missing) > 0 then return; end if;
    perform set_config('listing.held', 'yes', true);
    if old_address is null
      or exists (select from customer where customer.address_id = old_address and customer.id <> customer_key) then
      insert into address (country, city, city_code, street, street_number)
      values (merged ->> 'country', merged ->> 'city', merged ->> 'city_code', merged ->> 'street',
        merged ->> 'street_number')
      returning address.id into new_address;
    else
      update address
      set (country, city, city_code, street, street_number) = (merged ->> 'country', merged ->> 'city',
        merged ->> 'city_code', merged ->> 'street', merged ->> 'street_number')
      where address.id = old_address;
    end if;
  end if;

  perform set_config('listing.held', 'yes', true);
  if patch -> 'relationship' = 'null' then
    delete from customer_relationship where customer_ref = customer_key;
  elsif patch ? 'relationship' then
    insert into customer_relationship (customer_ref, points, last_activity)
    values (customer_key, coalesce((patch #>> '{relationship,points}')::integer, 0),
      (patch #>> '{relationship,last_activity}')::timestamptz)
    on conflict on constraint customer_relationship_customer_ref_key do update
    set points = case when patch -> 'relationship' ? 'points' then excluded.points
        else customer_relationship.points end,
      last_activity = case when patch -> 'relationship' ? 'last_activity' then excluded.last_activity
        else customer_relationship.last_activity end;
  end if;

  update customer
  set first_name = coalesce(patch ->> 'first_name', first_name),
    last_name = coalesce(patch ->> 'last_name', last_name),
    gender = coalesce(patch ->> 'gender', gender),
    customer_id = coalesce(patch ->> 'customer_id', customer_id),
    phone_number = case when patch ? 'phone_number' then patch ->> 'phone_number' else phone_number end,
    birthday = case when patch ? 'birthday' then (patch ->> 'birthday')::date else birthday end,
    address_id = new_address,
    last_updated = now()
  where customer.id = customer_key;

  if new_address is null and old_address is not null then
    delete from address
    where address.id = old_address and not exists (select from customer where customer.address_id = old_address);
  end if;
  perform set_config('listing.held', '', true);
  perform customer_list_refresh(array[customer_key]);
end $$;

-- Deletes a customer with its parts; false where there is none.
create function delete_customer(customer_key bigint) returns boolean language plpgsql as $$
declare
  old_address bigint;
begin
  select customer.address_id into old_address from customer where customer.id = customer_key for update;
  if not found then return false; end if;
  perform from address where address.id = old_address for update;
  perform set_config('listing.held', 'yes', true);
  delete from customer where customer.id = customer_key;
  perform set_config('listing.held', '', true);
  delete from address
  where address.id = old_address and not exists (select from customer where customer.address_id = old_address);
  return true;
end $$;
