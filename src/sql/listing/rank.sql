-- A page of a search by relevance. Rows that the inverted index finds are ranked, then sorted. Of matches with a rank
-- of 0, those that the index need not find come from a walk of the primary key. Ranks are returned: a cursor needs them
-- and a row does not hold them. $1 rows, $2 rows to skip, $3 the search text.
select count(*) as rows, string_agg({row}, ',') as bodies, string_agg(page.listing_rank::text, ' ') as ranks,
  pg_current_snapshot()::text as snapshot
from (
  select ranked.*
  from {places}
  cross join lateral (
    select found.*, ts_rank(document, (select websearch_to_tsquery('simple', $3::text))) as listing_rank
    from ((select * from {list} where {find} offset 0) {unranked}) found
    where {tests}
  ) ranked
  where {from}
  order by {order}
  limit $1::bigint offset $2::bigint
) page
