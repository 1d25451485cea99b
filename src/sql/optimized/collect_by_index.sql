-- A page by collecting every customer that one filter finds in an index of its own, testing the other filters, and
-- sorting. The index has the columns of most filters and orders, so rows are read for the page only. A branch for each
-- index. $1 rows, $2 rows to skip.
select count(*) as rows, string_agg(found.body, ',') as bodies, /*unseen*/ false /*end*/ as unseen,
  pg_current_snapshot()::text as snapshot
from (
  select customer_list.body
  from (
    select collected.*
    from (/*branches*/ select 1::bigint as id, now() as key /*end*/) collected
    where /*from*/ true /*end*/
    order by /*order*/ key desc nulls last, id desc /*end*/
    limit $1::bigint offset $2::bigint
  ) page
  join customer_list on customer_list.id = page.id
  order by /*page_order*/ page.key desc nulls last, page.id desc /*end*/
) found
