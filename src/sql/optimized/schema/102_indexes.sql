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

-- One a filter on a column of few values, in the default order: the newest of each matching value, merged.
create index customer_list_first_name_created_idx on customer_list (first_name, created, id);
create index customer_list_last_name_created_idx on customer_list (last_name, created, id);
create index customer_list_country_created_idx on customer_list (country, created, id);
create index customer_list_city_created_idx on customer_list (city, created, id);
create index customer_list_city_code_created_idx on customer_list (city_code, created, id);
create index customer_list_street_created_idx on customer_list (street, created, id);
create index customer_list_street_number_created_idx on customer_list (street_number, created, id);

-- A filter by a range that few match.
create index customer_list_birthday_idx on customer_list (birthday);

-- Substrings of columns in which every value is another.
create index customer_list_customer_id_trgm_idx on customer_list using gin (lower(customer_id) gin_trgm_ops);
create index customer_list_phone_number_trgm_idx on customer_list using gin (lower(phone_number) gin_trgm_ops);

-- Words.
create index customer_list_document_idx on customer_list using gin (document);

-- Of columns with few values the statistics are to know every one; the server plans with them (statistics.ts).
alter table customer_list
  alter first_name set statistics 2000, alter last_name set statistics 2000, alter country set statistics 2000,
  alter city set statistics 2000, alter city_code set statistics 10000, alter street set statistics 2000,
  alter street_number set statistics 2000, alter document set statistics 1000;

-- The base tables serve reads by key and writes only.
create index customer_address_id_idx on customer (address_id);
