-- The tags in use by kind, in order, with about how many customers have each; the pairs as one more kind; and up to
-- where both are known: of those made by transactions from `since` on there are `recent` so far. Of a kind with very
-- many values only the common ones are worth their memory; then `whole` is false.
select tag.kind, json_agg(tag.id order by tag.value) as ids,
  json_agg(coalesce(tag.folded, tag.value) order by tag.value) as values,
  json_agg(array_to_string(tag.words, ' ') order by tag.value) as words,
  json_agg(tag.customers order by tag.value) as customers, max(tag.known) <= 20000 as whole,
  pg_snapshot_xmin(pg_current_snapshot())::text as since,
  (select count(*) from list_tag recent where recent.made >= pg_snapshot_xmin(pg_current_snapshot()))
    + (select count(*) from list_pair recent where recent.made >= pg_snapshot_xmin(pg_current_snapshot())) as recent
from (
  select list_tag.id, list_tag.kind, list_tag.value, list_tag.folded, list_tag.words, list_tag.customers,
    row_number() over (partition by list_tag.kind order by list_tag.customers desc, list_tag.id) as place,
    count(*) over (partition by list_tag.kind) as known
  from list_tag
  union all
  select list_pair.one, 'pair', list_pair.other::text, null, null, 0, 0, 0
  from list_pair
) tag
where tag.place <= 20000 and tag.value is not null
group by tag.kind
