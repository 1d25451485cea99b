-- walk.sql for filters whose columns are in every index: the walk reads the index alone, and rows are read for the page
-- only; where other filters are beside them (`tested`), the rows of those who pass these. $1 rows, $2 rows to skip.
select count(*) as rows, string_agg(found.body, ',') as bodies, /*unseen*/ false /*end*/ as unseen,
  pg_current_snapshot()::text as snapshot
from (
  select customer_list.body
  from (
    select walked.id, /*keys*/ created as key /*end*/
    from (
      select *
      from customer_list
      where /*from*/ true /*end*/
      order by /*order*/ created desc, id desc /*end*/
      limit /*budget*/ 6000 /*end*/
    ) walked
    /*tested*/ cross join lateral (select offset 0) tested /*end*/
    where /*filters*/ true /*end*/
    limit $1::bigint offset $2::bigint
  ) page
  join customer_list on customer_list.id = page.id
  order by /*page_order*/ page.key desc nulls last, page.id desc /*end*/
) found
