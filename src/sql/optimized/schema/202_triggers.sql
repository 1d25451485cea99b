-- The customers' listing follows every change of the base tables inside the changing transaction, also one made by hand.

create function customer_changed() returns trigger language plpgsql as $$
begin
  perform customer_list_refresh(array(select id from changed));
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
  perform customer_list_refresh(array(select id from changed));
  return null;
end $$;

create function relationship_updated() returns trigger language plpgsql as $$
begin
  perform customer_list_refresh(array(select customer_ref from changed union select customer_ref from was));
  return null;
end $$;

create function relationship_changed() returns trigger language plpgsql as $$
begin
  perform customer_list_refresh(array(select distinct customer_ref from changed));
  return null;
end $$;

create function address_changed() returns trigger language plpgsql as $$
begin
  perform customer_list_refresh(array(
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
  perform customer_list_refresh(array(select id from customer));
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
