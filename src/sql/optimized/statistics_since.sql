-- The tags and pairs made by transactions from $1 on: what a server that read the others has not seen yet, and a few
-- that it has.
select made.id, made.kind, made.value, made.words, made.customers,
  pg_snapshot_xmin(pg_current_snapshot())::text as since,
  (select count(*) from list_tag recent where recent.made >= pg_snapshot_xmin(pg_current_snapshot()))
    + (select count(*) from list_pair recent where recent.made >= pg_snapshot_xmin(pg_current_snapshot())) as recent
from (
  select list_tag.id, list_tag.kind, coalesce(list_tag.folded, list_tag.value) as value,
    array_to_string(list_tag.words, ' ') as words, list_tag.customers
  from list_tag
  where list_tag.made >= $1::xid8
  union all
  select list_pair.one, 'pair', list_pair.other::text, null, 0
  from list_pair
  where list_pair.made >= $1::xid8
) made
where made.value is not null
order by made.kind, made.id
