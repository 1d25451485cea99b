-- The indexes that help on the normalized tables.
create index address_country_idx on address (country);
create index customer_address_id_idx on customer (address_id);
create index customer_relationship_points_idx on customer_relationship (points, customer_ref);
