-- The median birthday: half of the customers match.
select 'half of the customers' as name, json_build_array(born.day) as before, json_build_array(born.day) as after
from (select percentile_disc(0.5) within group (order by customer.birthday) as day from customer) born
