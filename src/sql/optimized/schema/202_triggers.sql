-- The customers' listing follows every change of the base tables inside the changing transaction, also one made by hand.

call listing_follow('customer_list', 'customer');

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

create function relationship_truncated() returns trigger language plpgsql as $$
begin
  perform customer_list_refresh(array(select id from customer));
  return null;
end $$;

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
