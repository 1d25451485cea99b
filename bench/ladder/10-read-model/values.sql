-- A frequent, a middling and a rare country of customers with points.
select asked.name, json_build_array(asked.country) as before, json_build_array(asked.country) as after
from (
  select address.country, row_number() over (order by count(*) desc, address.country) as place,
    case row_number() over (order by count(*) desc, address.country)
      when 1 then 'a frequent country'
      when count(*) over () / 2 then 'a middling country'
      when count(*) over () then 'a rare country'
    end as name
  from address
  join customer on customer.address_id = address.id
  join customer_relationship relationship on relationship.customer_ref = customer.id
  group by address.country
) asked
where asked.name is not null
order by asked.place
