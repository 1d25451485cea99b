-- A page of a search by relevance where the rank of most customers follows from where they have the word: these come
-- part by part, in the order of the list and no more than the page needs, and are never ranked. `ranked` are the others,
-- each with its own rank. $1 rows, $2 rows to skip, $3 the search text.
with ranked as materialized (
  select id, ts_rank(document, websearch_to_tsquery('simple', $3::text)) as key
  from (select * from customer_list where /*finding*/ true /*end*/ offset 0) found
  where /*filters*/ true /*end*/
), page as materialized (
  select *
  from (
    select * from ranked where /*from*/ true /*end*/
    union all
    (
      select *
      from (/*parts*/ select 1::bigint as id, 0::real as key /*end*/) in_order
      limit /*wanting*/ $1::bigint + $2::bigint /*end*/
    )
  ) matching
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
