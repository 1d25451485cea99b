-- A page by collecting every match, then sorting: for filters that few customers pass. $1 rows, $2 rows to skip.
-- The matches are materialized, so that no guess of the planner can turn this into a walk; and tested outside of the
-- search, for which it would take other indexes as well (`offset 0`).
with matching as materialized (
  select id, /*keys*/ created as key /*end*/
  from (select * from customer_list where /*finding*/ true /*end*/ offset 0) found
  where /*filters*/ true /*end*/
), page as materialized (
  select *
  from matching
  order by /*order*/ key desc nulls last, id desc /*end*/
  limit $1::bigint offset $2::bigint
)
select count(*) as rows, string_agg(found.body, ',') as bodies, /*unseen*/ false /*end*/ as unseen,
  pg_current_snapshot()::text as snapshot
from (
  select customer_list.body
  from page
  join customer_list on customer_list.id = page.id
  order by /*page_order*/ page.key desc nulls last, page.id desc /*end*/
) found
