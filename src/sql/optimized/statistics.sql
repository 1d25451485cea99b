-- The tags in use by kind, in order, with about how many customers have each. They guide the choice of a statement and
-- nothing else. Of a kind with very many values only the common ones are worth their memory.
select tag.kind, json_agg(coalesce(tag.folded, tag.value) order by tag.value) as values,
  json_agg(tag.customers order by tag.value) as customers
from (
  select list_tag.kind, list_tag.value, list_tag.folded, list_tag.customers,
    row_number() over (partition by list_tag.kind order by list_tag.customers desc) as place
  from list_tag
) tag
where tag.place <= 20000 and tag.value is not null
group by tag.kind
