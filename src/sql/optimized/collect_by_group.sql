-- A page by collecting the matches of one group of buckets after the other, in the order of the list, until the page is
-- full. list_tag knows the buckets and about how many customers are in each. A group is looked up by its tags in the
-- same index as the filters, so customers outside of it are never read. $1 rows, $2 rows to skip, $3 about how many
-- customers make a group.
with matching_group as materialized (
  select array_agg(bucket.id) as tags, min(bucket.upto) as place
  from (
    select list_tag.id, sum(list_tag.customers) over (
      order by /*bucket_order*/ list_tag.value desc nulls last /*end*/ rows unbounded preceding
    ) as upto
    from list_tag
    where list_tag.kind = /*kind*/ 'created' /*end*/ and /*bucket_from*/ true /*end*/
  ) bucket
  group by div(bucket.upto, $3::bigint)
), page as materialized (
  select matching.*
  from (select tags from matching_group order by place) in_order
  cross join lateral (
    select id, /*keys*/ created as key /*end*/
    from (
      select *
      from customer_list
      where customer_list.tags && in_order.tags and /*finding*/ true /*end*/
      offset 0
    ) found
    where /*filters*/ true /*end*/
    order by /*group_order*/ created desc nulls last, id desc /*end*/
    limit $1::bigint + $2::bigint
  ) matching
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
