-- A page in the order of `created` by merging: of each value that matches, the first customers from the index (tag,
-- created, id). A branch for each column that the values are of; `union`, since a customer may be in two. $1 rows, $2
-- rows to skip.
select count(*) as rows, string_agg(found.body, ',') as bodies, /*unseen*/ false /*end*/ as unseen,
  pg_current_snapshot()::text as snapshot
from (
  select customer_list.body
  from (
    select newest.id, newest.key
    from (/*branches*/ select 1::bigint as id, now() as key /*end*/) newest
    order by /*newest_order*/ newest.key desc, newest.id desc /*end*/
    limit $1::bigint offset $2::bigint
  ) page
  join customer_list on customer_list.id = page.id
  order by /*page_order*/ page.key desc nulls last, page.id desc /*end*/
) found
