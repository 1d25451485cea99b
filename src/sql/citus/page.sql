-- A page, or what one part of its order has of it, from all shards of a distributed listing. One level: each worker sorts and
-- limits the rows of its shards, and the coordinator merges them. So rows come one by one, with the rank that a cursor by
-- relevance needs; other sort keys are in the row. $1 rows, $2 rows to skip.
select {row} as body, {rank} as rank
from {list} page
where {tests}
order by {order}
limit $1::bigint offset $2::bigint
