-- Name and city of a customer from the middle of the table, chosen so that a search for them matches: search operators in
-- a text can prevent that.
select 'a name and a city' as name, json_build_array(one.words) as before, json_build_array(one.words) as after
from (
  select asked.words
  from customer
  join address on address.id = customer.address_id
  cross join lateral (
    select customer.first_name || ' ' || customer.last_name || ' ' || address.city as words
  ) asked
  where customer.id >= (select max(id) / 2 from customer)
    and to_tsvector('simple', asked.words) @@ websearch_to_tsquery('simple', asked.words)
  order by customer.id
  limit 1
) one
