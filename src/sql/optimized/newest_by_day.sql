-- A page in the order of `created`, newest first, of customers who were last active before some moment. They were created
-- before it, and of each day those come by the index (day, last_activity): back from that moment, until the page is full.
-- Who was active before being created is looked at beside. $1 rows, $2 rows to skip.
select count(*) as rows, string_agg(found.body, ',') as bodies, /*unseen*/ false /*end*/ as unseen,
  pg_current_snapshot()::text as snapshot
from (
  select customer_list.body
  from (
    select merged.id, merged.key
    from (
      (
        select of_day.*
        from (
          select latest.day - generate_series(0, latest.day - earliest.day) as day
          from (select day_of(/*latest*/ now() /*end*/) as day) latest
          cross join (select day_of(min(created)) as day from customer_list) earliest
        ) days
        cross join lateral (
          select walked.id, walked.created as key
          from (
            select *
            from customer_list
            where day_of(created) = days.day and last_activity <= /*active_before*/ now() /*end*/
              and /*from*/ true /*end*/ and /*filters*/ true /*end*/
            offset 0
          ) walked
          /*tested*/ cross join lateral (select offset 0) tested /*end*/
          order by walked.created desc, walked.id desc
          limit $1::bigint + $2::bigint
        ) of_day
        limit $1::bigint + $2::bigint
      )
      union all
      (
        select untimely.id, created as key
        from (select * from customer_list where customer_list.untimely offset 0) untimely
        where /*from*/ true /*end*/ and not (created <= /*bound*/ now() /*end*/) and /*filters*/ true /*end*/
          and /*row_filters*/ true /*end*/
        order by created desc, id desc
        limit $1::bigint + $2::bigint
      )
    ) merged
    order by merged.key desc, merged.id desc
    limit $1::bigint offset $2::bigint
  ) page
  join customer_list on customer_list.id = page.id
  order by /*page_order*/ page.key desc nulls last, page.id desc /*end*/
) found
