-- What a row of the customers' listing is: the columns that columns.ts declares, in its order, and the weighted text
-- vector of the search.
create view customer_list_row as
select customer.id, customer.created, customer.last_updated, relationship.last_activity, relationship.points,
  customer.birthday, customer.gender, customer.first_name, customer.last_name, customer.customer_id,
  customer.phone_number, address.country, address.city, address.city_code, address.street, address.street_number,
  setweight(to_tsvector('simple', concat_ws(' ', customer.first_name, customer.last_name, customer.customer_id)), 'A')
    || setweight(to_tsvector('simple', concat_ws(' ', to_char(customer.birthday, 'YYYY-MM-DD'), customer.phone_number,
         address.city, address.country)), 'B')
    || setweight(to_tsvector('simple', concat_ws(' ', address.street, address.street_number, address.city_code,
         relationship.points)), 'C')
    || setweight(to_tsvector('simple', concat_ws(' ', to_char(relationship.created at time zone 'UTC', 'YYYY-MM-DD'),
         to_char(relationship.last_activity at time zone 'UTC', 'YYYY-MM-DD'))), 'D') as document
from customer
left join address on address.id = customer.address_id
left join customer_relationship relationship on relationship.customer_ref = customer.id;

-- Addresses are shared: one must not change while the rows of its customers are made.
create function customer_list_lock(ids bigint[]) returns void language plpgsql as $$
begin
  perform from address
  where address.id in (select customer.address_id from customer where customer.id = any(ids))
  order by address.id for share;
end $$;

-- The base tables serve reads by key and writes only.
create index customer_address_id_idx on customer (address_id);
