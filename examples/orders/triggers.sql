-- The listing follows every change of the orders inside the changing transaction.
create function purchase_changed() returns trigger language plpgsql as $$
begin
  perform order_list_refresh(array(select id from changed));
  return null;
end $$;

create function purchase_deleted() returns trigger language plpgsql as $$
begin
  delete from order_list where id in (select id from changed);
  return null;
end $$;

create trigger purchase_inserted after insert on purchase
  referencing new table as changed for each statement execute function purchase_changed();
create trigger purchase_updated after update on purchase
  referencing new table as changed for each statement execute function purchase_changed();
create trigger purchase_deleted after delete on purchase
  referencing old table as changed for each statement execute function purchase_deleted();
