-- A page by collecting the matches near the place where it begins, then sorting. $1 rows, $2 rows to skip, $3 how many
-- customers to look among. These are the customers of the next few buckets in the order of the list: list_tag knows
-- the buckets and about how many customers are in each, and the index merges them with the filters. `complete` says
-- that there are no further buckets; otherwise too few rows mean that more customers have to be looked among.
with near as materialized (
  select array_agg(bucket.id) filter (where bucket.before < $3::bigint) as tags,
    coalesce(bool_and(bucket.before < $3::bigint), true) as complete
  from (
    select list_tag.id, sum(list_tag.customers) over (
      order by /*bucket_order*/ list_tag.value desc nulls last /*end*/ rows unbounded preceding
    ) - list_tag.customers as before
    from list_tag
    where list_tag.kind = /*kind*/ 'created' /*end*/ and /*bucket_from*/ true /*end*/
  ) bucket
), matching as materialized (
  select id, /*keys*/ created as key /*end*/
  from customer_list
  where customer_list.tags && (select near.tags from near) and /*filters*/ true /*end*/
), page as materialized (
  select *
  from matching
  order by /*order*/ key desc nulls last, id desc /*end*/
  limit $1::bigint offset $2::bigint
)
select count(*) as rows, string_agg(found.body, e'\n') as bodies, (select near.complete from near) as complete
from (
  select customer_list.body
  from page
  join customer_list on customer_list.id = page.id
  order by /*page_order*/ page.key desc nulls last, page.id desc /*end*/
) found
