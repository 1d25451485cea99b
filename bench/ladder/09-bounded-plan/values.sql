-- From bounds that few or many customers pass, chooses those whose first page ends farthest down the list or soonest.
-- `passing`: customers that pass; `place`: position of a customer in the list; `page_end`: that of the page's last one.
with placed as materialized (
  select customer.last_updated,
    count(*) over (order by customer.last_updated) as passing,
    row_number() over (order by customer.created desc, customer.id desc) as place
  from customer
), bounds as (
  select min(placed.last_updated) as bound, min(placed.passing) as passing, wanted.few
  from (
    select unnest(array[40, 100, 400]) as least, true as few
    union all
    select count(*) * unnest(array[0.5, 0.75, 1]), false from customer
  ) wanted
  join placed on placed.passing >= wanted.least
  group by wanted.least, wanted.few
), pages as (
  select bounds.bound, bounds.few, max(page.place) as page_end
  from bounds
  cross join lateral (
    select placed.place from placed where placed.passing <= bounds.passing order by placed.place limit 20
  ) page
  group by bounds.bound, bounds.few
)
select chosen.name, json_build_array(chosen.bound) as before, json_build_array(chosen.bound) as after
from (
  select
    case when pages.few then 'few match, far down the list'
      when row_number() over soonest = 1 then 'many match, at its beginning'
      else 'many match, far down the list' end as name,
    pages.bound, pages.few, pages.page_end,
    row_number() over soonest as soonest,
    row_number() over (partition by pages.few order by pages.page_end desc, pages.bound) as farthest
  from pages
  window soonest as (partition by pages.few order by pages.page_end, pages.bound)
) chosen
where chosen.farthest = 1 or (chosen.soonest = 1 and not chosen.few)
order by chosen.few desc, chosen.page_end
