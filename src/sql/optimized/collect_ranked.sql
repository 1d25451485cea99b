-- A page of a search by relevance: every match, ranked, then sorted. $1 rows, $2 rows to skip, $3 the search text.
-- The ranks come along, since the cursor needs them and the customer's text does not hold them.
with matching as materialized (
  select id, ts_rank(document, websearch_to_tsquery('simple', $3::text)) as key
  from (select * from customer_list where /*finding*/ true /*end*/ offset 0) found
  where /*filters*/ true /*end*/
), page as materialized (
  select *
  from matching
  where /*from*/ true /*end*/
  order by /*order*/ key desc, id desc /*end*/
  limit $1::bigint offset $2::bigint
)
select count(*) as rows, string_agg(found.body, ',') as bodies, string_agg(found.key::text, ' ') as ranks,
  /*unseen*/ false /*end*/ as unseen,
  pg_current_snapshot()::text as snapshot
from (
  select customer_list.body, page.key
  from page
  join customer_list on customer_list.id = page.id
  order by /*page_order*/ page.key desc, page.id desc /*end*/
) found
