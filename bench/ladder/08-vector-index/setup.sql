-- The stored vectors, for both ways.
create table customer_document as
select customer.id,
  setweight(to_tsvector('simple', concat_ws(' ', customer.first_name, customer.last_name)), 'A')
    || setweight(to_tsvector('simple', concat_ws(' ', address.city, address.country)), 'B') as document
from customer
left join address on address.id = customer.address_id;
alter table customer_document add primary key (id);
analyze customer_document;

create function add_documents() returns trigger language plpgsql as $$
begin
  insert into customer_document
  select added.id,
    setweight(to_tsvector('simple', concat_ws(' ', added.first_name, added.last_name)), 'A')
      || setweight(to_tsvector('simple', concat_ws(' ', address.city, address.country)), 'B')
  from added
  left join address on address.id = added.address_id;
  return null;
end $$;
create trigger documents_added after insert on customer
  referencing new table as added for each statement execute function add_documents();
