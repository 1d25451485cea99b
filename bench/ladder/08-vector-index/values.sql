-- Names of a customer from the middle of the table, and the most frequent country, chosen so that a search for them
-- matches: search operators in a text can prevent that.
select asked.name, json_build_array(asked.words) as before, json_build_array(asked.words) as after
from (
  (
    select 1 as place, 'first and last name' as name, names.words
    from customer
    cross join lateral (select customer.first_name || ' ' || customer.last_name as words) names
    where customer.id >= (select max(id) / 2 from customer)
      and to_tsvector('simple', names.words) @@ websearch_to_tsquery('simple', names.words)
    order by customer.id
    limit 1
  )
  union all
  (
    select 2, 'the most frequent country', address.country
    from address
    where to_tsvector('simple', address.country) @@ websearch_to_tsquery('simple', address.country)
    group by address.country
    order by count(*) desc, address.country
    limit 1
  )
) asked
order by asked.place
