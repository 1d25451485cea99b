-- walk_covered.sql for filters that imply a bound of the sort column (implied.ts): the walk begins there, and the few
-- customers for whom it does not hold are looked at beside. $1 rows, $2 rows to skip.
select count(*) as rows, string_agg(found.body, ',') as bodies, /*unseen*/ false /*end*/ as unseen,
  pg_current_snapshot()::text as snapshot
from (
  select customer_list.body
  from (
    select merged.id, merged.key
    from (
      (
        select walked.id, /*keys*/ created as key /*end*/
        from (
          select *
          from customer_list
          where /*from*/ true /*end*/ and /*implied*/ true /*end*/
          order by /*order*/ created desc, id desc /*end*/
          limit /*budget*/ 6000 /*end*/
        ) walked
        /*tested*/ cross join lateral (select offset 0) tested /*end*/
        where /*filters*/ true /*end*/
        limit $1::bigint + $2::bigint
      )
      union all
      (
        select untimely.id, /*keys*/ created as key /*end*/
        from (select * from customer_list where customer_list.untimely offset 0) untimely
        where /*from*/ true /*end*/ and not (/*implied*/ true /*end*/) and /*filters*/ true /*end*/
          and /*row_filters*/ true /*end*/
        order by /*order*/ created desc, id desc /*end*/
        limit $1::bigint + $2::bigint
      )
    ) merged
    order by /*merged_order*/ merged.key desc, merged.id desc /*end*/
    limit $1::bigint offset $2::bigint
  ) page
  join customer_list on customer_list.id = page.id
  order by /*page_order*/ page.key desc nulls last, page.id desc /*end*/
) found
