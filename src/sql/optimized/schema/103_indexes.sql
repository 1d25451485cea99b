-- Every index that lists are read by has all columns that filters test, but for the long ones: so a filter is tested in
-- the index, without reading the customer's row, and rows are read for the customers on the page only.

-- One index a sort: read forwards it is ascending, backwards descending, and id breaks ties in the same direction.
create index customer_list_created_idx on customer_list (created, id)
  include (last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_full_name_idx on customer_list (first_name, last_name, id)
  include (created, last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_first_name_idx on customer_list (first_name, id)
  include (created, last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_last_name_idx on customer_list (last_name, id)
  include (created, last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_customer_id_idx on customer_list (customer_id, id)
  include (created, last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_city_idx on customer_list (city, id)
  include (created, last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_country_idx on customer_list (country, id)
  include (created, last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_points_idx on customer_list (points, id)
  include (created, last_updated, last_activity, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_last_activity_idx on customer_list (last_activity, id)
  include (created, last_updated, points, birthday, gender, first_name_tag, last_name_tag, country_tag, city_tag,
    city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_last_updated_idx on customer_list (last_updated, id)
  include (created, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag, city_tag,
    city_code_tag, street_tag, street_number_tag, odd_tag);

-- One index a filter of few values, in the order of the default list.
create index customer_list_first_name_tag_idx on customer_list (first_name_tag, created, id)
  include (last_updated, last_activity, points, birthday, gender, last_name_tag, country_tag, city_tag, city_code_tag,
    street_tag, street_number_tag, odd_tag);
create index customer_list_last_name_tag_idx on customer_list (last_name_tag, created, id)
  include (last_updated, last_activity, points, birthday, gender, first_name_tag, country_tag, city_tag,
    city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_country_tag_idx on customer_list (country_tag, created, id)
  include (last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, city_tag,
    city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_city_tag_idx on customer_list (city_tag, created, id)
  include (last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_code_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_city_code_tag_idx on customer_list (city_code_tag, created, id)
  include (last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, street_tag, street_number_tag, odd_tag);
create index customer_list_street_tag_idx on customer_list (street_tag, created, id)
  include (last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, city_code_tag, street_number_tag, odd_tag);
create index customer_list_street_number_tag_idx on customer_list (street_number_tag, created, id)
  include (last_updated, last_activity, points, birthday, gender, first_name_tag, last_name_tag, country_tag,
    city_tag, city_code_tag, street_tag, odd_tag);

-- Who was last active before some moment was created before it, hardly ever long before: day by day, back from then.
create index customer_list_created_day_idx on customer_list (day_of(created), last_activity, created, id)
  include (last_updated, points, birthday, gender, first_name_tag, last_name_tag, country_tag, city_tag, city_code_tag,
    street_tag, street_number_tag, odd_tag);

-- Customers who were changed or active before they were created: next to none (implied.ts).
create index customer_list_untimely_idx on customer_list (created, id) where untimely;

-- One for every filter: words, tags, days, and parts of what is another for each customer. It is one and not five, because
-- within one index the conditions are merged before a row is read. Each text has an end to be found by as well: so three
-- characters are found by all parts that begin with them.
create index customer_list_filter_idx on customer_list using gin (document, tags, days,
  parts_of(lower(customer_id) || e'\n'), parts_of(lower(phone_number) || e'\n'))
  -- What was written and is not yet put in its place is read by every search: 4 MB, as by default, take milliseconds.
  with (gin_pending_list_limit = 256);

-- Few customers: those with a word in more than one place, and those whose words are not those of their tags.
create index customer_list_repeated_idx on customer_list using gin (repeated) where repeated is not null;
create index customer_list_odd_tag_idx on customer_list (odd_tag, created, id) where odd_tag is not null;

-- The base tables serve reads by key and writes only.
create index customer_address_id_idx on customer (address_id);
