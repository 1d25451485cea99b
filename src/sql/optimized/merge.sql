-- A page of a list sorted by a column of which the matching values are known: these in order, and of each the first
-- customers from the index (column, id), until the page is full. `offset 0` keeps the planner from taking an index of
-- the filters. $1 rows, $2 rows to skip.
select count(*) as rows, string_agg(found.body, ',') as bodies, /*unseen*/ false /*end*/ as unseen,
  pg_current_snapshot()::text as snapshot
from (
  select customer_list.body
  from (
    select first.*
    from (
      select list_tag.value
      from list_tag
      where list_tag.id = any(/*tags*/ array[1] /*end*/) and /*bucket_from*/ true /*end*/
      order by /*bucket_order*/ list_tag.value /*end*/
    ) matching
    cross join lateral (
      select id, /*keys*/ city as key /*end*/
      from (
        select *
        from customer_list
        where customer_list./*column*/ city /*end*/ = matching.value and /*from*/ true /*end*/
        order by /*order*/ city, id /*end*/
        offset 0
      ) in_order
      where /*filters*/ true /*end*/
      limit $1::bigint + $2::bigint
    ) first
    limit $1::bigint offset $2::bigint
  ) page
  join customer_list on customer_list.id = page.id
  order by /*page_order*/ page.key, page.id /*end*/
) found
