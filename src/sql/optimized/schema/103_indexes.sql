-- One index a sort: read forwards it is ascending, backwards descending, and id breaks ties in the same direction.
create index customer_list_created_idx on customer_list (created, id);
create index customer_list_full_name_idx on customer_list (first_name, last_name, id);
create index customer_list_first_name_idx on customer_list (first_name, id);
create index customer_list_last_name_idx on customer_list (last_name, id);
create index customer_list_customer_id_idx on customer_list (customer_id, id);
create index customer_list_city_idx on customer_list (city, id);
create index customer_list_country_idx on customer_list (country, id);
create index customer_list_points_idx on customer_list (points, id);
create index customer_list_last_activity_idx on customer_list (last_activity, id);
create index customer_list_last_updated_idx on customer_list (last_updated, id);

-- One for every filter: words, tags, and parts of what is another for each customer. It is one and not four, because
-- within one index the conditions are merged before a row is read.
create index customer_list_filter_idx on customer_list
  using gin (document, tags, lower(customer_id) gin_trgm_ops, lower(phone_number) gin_trgm_ops);

-- The base tables serve reads by key and writes only.
create index customer_address_id_idx on customer (address_id);
