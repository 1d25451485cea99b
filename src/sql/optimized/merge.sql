-- A page of a list sorted by the column that is filtered: the matching values in order, and of each the first customers
-- from the index (column, id), until the page is full. $1 rows, $2 rows to skip, $3 the part of the value.
select count(*) as rows, string_agg(page.body, e'\n') as bodies
from (
  select first.body
  from (
    select list_tag.value
    from list_tag
    where list_tag.kind = /*kind*/ 'city' /*end*/ and list_tag.folded like '%' || lower($3::text) || '%'
      and /*bucket_from*/ true /*end*/
    order by /*bucket_order*/ list_tag.value /*end*/
  ) matching
  cross join lateral (
    select *
    from customer_list
    where customer_list./*column*/ city /*end*/ = matching.value and /*from*/ true /*end*/
    order by /*order*/ city, id /*end*/
    limit $1::bigint + $2::bigint
  ) first
  limit $1::bigint offset $2::bigint
) page
