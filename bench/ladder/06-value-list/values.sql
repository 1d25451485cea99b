-- A frequent substring, a name of middling frequency and a rare name, escaped for use in a LIKE pattern.
select asked.name, json_build_array(asked.part) as before, json_build_array(asked.part) as after
from (
  select 1 as place, 'a frequent part' as name, 'an' as part
  union all
  select 1 + row_number() over (order by counted.place),
    case when row_number() over (order by counted.place) = 1 then 'a middling name' else 'a rare name' end,
    regexp_replace(lower(counted.first_name), '([\\%_])', '\\\1', 'g')
  from (
    select customer.first_name, row_number() over (order by count(*) desc, customer.first_name) as place,
      count(*) over () as names
    from customer
    group by customer.first_name
  ) counted
  where counted.place in (counted.names / 2, counted.names)
) asked
order by asked.place
