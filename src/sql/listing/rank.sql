-- A page of a search by relevance: what the inverted index finds is ranked, then sorted; where matches have a rank of 0, those that
-- it need not find come by a walk of the primary key. The ranks come along, since a cursor needs them and a row does not hold them.
-- $1 rows, $2 rows to skip, $3 the search text.
select count(*) as rows, string_agg({row}, ',') as bodies, string_agg(page.rank::text, ' ') as ranks,
  pg_current_snapshot()::text as snapshot
from (
  select ranked.*
  from {places}
  cross join lateral (
    select found.*, ts_rank(document, (select websearch_to_tsquery('simple', $3::text))) as rank
    from ((select * from {list} where {find} offset 0) {unranked}) found
    where {tests}
  ) ranked
  where {from}
  order by {order}
  limit $1::bigint offset $2::bigint
) page
