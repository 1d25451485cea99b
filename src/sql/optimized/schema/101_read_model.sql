-- The read model: one row a customer, with every column that a list sorts or filters by, the weighted text vector,
-- and the customer's finished JSON text. The base tables stay the truth; 103_triggers.sql keeps this in step.

create extension if not exists pg_trgm;

-- What a row of the read model is, said once: for the first filling here, and for the triggers.
create view customer_list_source as
select customer.id, customer.first_name, customer.last_name, customer.gender, customer.customer_id,
  customer.phone_number, customer.birthday, customer.created, customer.last_updated,
  address.country, address.city, address.city_code, address.street, address.street_number,
  relationship.points, relationship.last_activity,
  setweight(to_tsvector('simple', concat_ws(' ', customer.first_name, customer.last_name, customer.customer_id)), 'A')
    || setweight(to_tsvector('simple', concat_ws(' ', to_char(customer.birthday, 'YYYY-MM-DD'), customer.phone_number,
         address.city, address.country)), 'B')
    || setweight(to_tsvector('simple', concat_ws(' ', address.street, address.street_number, address.city_code,
         relationship.points)), 'C')
    || setweight(to_tsvector('simple', concat_ws(' ', to_char(relationship.created at time zone 'UTC', 'YYYY-MM-DD'),
         to_char(relationship.last_activity at time zone 'UTC', 'YYYY-MM-DD'))), 'D') as document,
  concat('{"id":', customer.id,
    ',"first_name":', to_json(customer.first_name),
    ',"last_name":', to_json(customer.last_name),
    ',"gender":"', customer.gender,
    '","customer_id":', to_json(customer.customer_id),
    ',"phone_number":', coalesce(to_json(customer.phone_number), 'null'),
    ',"created":"', to_char(customer.created at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    '","birthday":', coalesce('"' || to_char(customer.birthday, 'YYYY-MM-DD') || '"', 'null'),
    ',"last_updated":"', to_char(customer.last_updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    '","address":', case when address.id is null then 'null' else concat(
      '{"country":', to_json(address.country),
      ',"city":', to_json(address.city),
      ',"city_code":', to_json(address.city_code),
      ',"street":', coalesce(to_json(address.street), 'null'),
      ',"street_number":', coalesce(to_json(address.street_number), 'null'), '}') end,
    ',"relationship":', case when relationship.id is null then 'null' else concat(
      '{"points":', relationship.points,
      ',"last_activity":', coalesce('"' || to_char(relationship.last_activity at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null'), '}') end,
    '}') as body
from customer
left join address on address.id = customer.address_id
left join customer_relationship relationship on relationship.customer_ref = customer.id;

create table customer_list (
  id bigint not null,
  first_name text not null,
  last_name text not null,
  gender text not null,
  customer_id text not null,
  phone_number text,
  birthday date,
  created timestamptz not null,
  last_updated timestamptz not null,
  country text,
  city text,
  city_code text,
  street text,
  street_number text,
  points integer,
  last_activity timestamptz,
  document tsvector not null,
  body text not null
);

-- In the order of the default list, so that a page of it lies together on disk.
insert into customer_list
select * from customer_list_source
order by created, id;

alter table customer_list add constraint customer_list_pkey primary key (id);

-- Every value a text column has ever had: a substring is looked for among these few, and not in every customer. A
-- value that nobody has any more may stay; it matches no customer.
create table list_value (
  kind text not null,
  value text not null,
  folded text not null,
  constraint list_value_pkey primary key (kind, value)
);

insert into list_value (kind, value, folded)
select distinct pair.kind, pair.value, lower(pair.value)
from customer_list
cross join lateral (values
  ('first_name', first_name), ('last_name', last_name), ('country', country), ('city', city),
  ('city_code', city_code), ('street', street), ('street_number', street_number)
) pair (kind, value)
where pair.value is not null;
