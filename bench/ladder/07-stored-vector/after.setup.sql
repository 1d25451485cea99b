-- The vectors, and a trigger that adds those of new customers.
create function documents_of(ids bigint[]) returns table (id bigint, document tsvector) language sql stable
begin atomic
  select customer.id,
    setweight(to_tsvector('simple', concat_ws(' ', customer.first_name, customer.last_name)), 'A')
      || setweight(to_tsvector('simple', concat_ws(' ', address.city, address.country)), 'B')
      || setweight(to_tsvector('simple', concat_ws(' ', address.street, address.street_number, address.city_code)), 'C')
  from customer
  left join address on address.id = customer.address_id
  where ids is null or customer.id = any(ids);
end;
create table customer_document as select * from documents_of(null);
alter table customer_document add primary key (id);
analyze customer_document;

create function add_documents() returns trigger language plpgsql as $$
begin
  insert into customer_document select * from documents_of(array(select id from added));
  return null;
end $$;
create trigger documents_added after insert on customer
  referencing new table as added for each statement execute function add_documents();
