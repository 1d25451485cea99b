-- The read model follows every change of the base tables inside the changing transaction, also one made by hand.

-- Makes the rows of some customers anew. First it locks them and their addresses, then it reads: the statement
-- after a lock sees what the transaction that held it has committed, so that of two changes to one customer none
-- is lost, whichever comes last. To plan its joins anew each time took thirty times as long as to change one customer;
-- for many the plan for one is the wrong one. A write that changes several tables (105_writes.sql) holds this until all
-- are changed, so that the row is made once.
create function refresh_customer_list(ids bigint[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan as $$
begin
  if current_setting('customers.held', true) = 'yes' then return; end if;
  if cardinality(ids) > 100 then
    set local plan_cache_mode = force_custom_plan;
  end if;
  perform from address
  where address.id in (select customer.address_id from customer where customer.id = any(ids))
  order by address.id for share;
  perform from customer_list where customer_list.id = any(ids) order by customer_list.id for update;

  insert into list_tag (kind, value, folded, words)
  select distinct tag.kind, tag.value, lower(tag.value), tag.words
  from customer_list_tag tag
  where tag.id = any(ids)
    -- `offset 0` looks each up in the index, where a join would read all tags.
    and not exists (select from list_tag known where known.kind = tag.kind and known.value = tag.value offset 0)
  order by tag.kind, tag.value
  on conflict do nothing;

  insert into customer_list as list
  select * from customer_list_source source where source.id = any(ids)
  on conflict (id) do update
  set (first_name, last_name, gender, customer_id, phone_number, birthday, created, last_updated, country, city,
      city_code, street, street_number, points, last_activity, document, repeated, days, body, first_name_tag,
      last_name_tag, country_tag, city_tag, city_code_tag, street_tag, street_number_tag, odd_tag, untimely, tags)
    = (excluded.first_name, excluded.last_name, excluded.gender, excluded.customer_id, excluded.phone_number,
      excluded.birthday, excluded.created, excluded.last_updated, excluded.country, excluded.city,
      excluded.city_code, excluded.street, excluded.street_number, excluded.points, excluded.last_activity,
      excluded.document, excluded.repeated, excluded.days, excluded.body, excluded.first_name_tag,
      excluded.last_name_tag, excluded.country_tag, excluded.city_tag, excluded.city_code_tag, excluded.street_tag,
      excluded.street_number_tag, excluded.odd_tag, excluded.untimely, excluded.tags)
  where list.body <> excluded.body or list.document <> excluded.document;

  insert into list_pair (one, other)
  select distinct pair.one, pair.other
  from customer_list list
  cross join lateral (values (list.city_code_tag, list.city_tag), (list.city_tag, list.country_tag)) pair (one, other)
  where list.id = any(ids) and pair.one is not null
    and not exists (select from list_pair known where known.one = pair.one and known.other = pair.other)
  order by pair.one, pair.other
  on conflict do nothing;
end $$;

create function customer_changed() returns trigger language plpgsql as $$
begin
  perform refresh_customer_list(array(select id from changed));
  return null;
end $$;

create function customer_deleted() returns trigger language plpgsql as $$
begin
  delete from customer_list where id in (select id from changed);
  return null;
end $$;

-- By hand even an id can change: what had it before is then gone.
create function customer_updated() returns trigger language plpgsql as $$
begin
  delete from customer_list
  where id in (select id from was) and id not in (select id from changed);
  perform refresh_customer_list(array(select id from changed));
  return null;
end $$;

create function relationship_updated() returns trigger language plpgsql as $$
begin
  perform refresh_customer_list(array(select customer_ref from changed union select customer_ref from was));
  return null;
end $$;

create function relationship_changed() returns trigger language plpgsql as $$
begin
  perform refresh_customer_list(array(select distinct customer_ref from changed));
  return null;
end $$;

create function address_changed() returns trigger language plpgsql as $$
begin
  perform refresh_customer_list(array(
    select customer.id from customer where customer.address_id in (select id from changed)));
  return null;
end $$;

create function customer_truncated() returns trigger language plpgsql as $$
begin
  truncate customer_list;
  return null;
end $$;

create function relationship_truncated() returns trigger language plpgsql as $$
begin
  perform refresh_customer_list(array(select id from customer));
  return null;
end $$;

create trigger customer_inserted after insert on customer
  referencing new table as changed for each statement execute function customer_changed();
create trigger customer_updated after update on customer
  referencing old table as was new table as changed for each statement execute function customer_updated();
create trigger customer_deleted after delete on customer
  referencing old table as changed for each statement execute function customer_deleted();
create trigger customer_truncated after truncate on customer
  for each statement execute function customer_truncated();

create trigger relationship_inserted after insert on customer_relationship
  referencing new table as changed for each statement execute function relationship_changed();
create trigger relationship_updated after update on customer_relationship
  referencing old table as was new table as changed for each statement execute function relationship_updated();
create trigger relationship_deleted after delete on customer_relationship
  referencing old table as changed for each statement execute function relationship_changed();
create trigger relationship_truncated after truncate on customer_relationship
  for each statement execute function relationship_truncated();

create trigger address_updated after update on address
  referencing new table as changed for each statement execute function address_changed();
