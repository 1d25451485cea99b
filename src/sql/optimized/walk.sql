-- A page by walking an index in the order of the list, and keeping what matches. $1 rows, $2 rows to skip.
-- list.ts fills in what stands between marks. `from` is where the cursor stands, with bounds on the sort column
-- itself; `filters` is all else. The inner limit is a budget: where few customers match, or the planner would
-- guess so and walk for ever, the walk ends there, and the page is then collected (collect.sql).
select count(*) as rows, string_agg(page.body, ',') as bodies, /*unseen*/ false /*end*/ as unseen,
  pg_current_snapshot()::text as snapshot
from (
  select walked.body
  from (
    select *
    from customer_list
    where /*from*/ true /*end*/
    order by /*order*/ created desc, id desc /*end*/
    limit /*budget*/ 6000 /*end*/
  ) walked
  where /*filters*/ true /*end*/
  limit $1::bigint offset $2::bigint
) page
