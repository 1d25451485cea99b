-- A page from all shards of a distributed listing, or what one part of its order adds to it. The statement has one
-- level: each worker sorts and limits the rows of its shards, and the coordinator merges them. So rows are returned
-- singly, with the rank that a cursor by relevance needs; other sort keys are in the row. $1 rows, $2 rows to skip.
select {row} as body, {rank} as rank
from {list} page
where {tests}
order by {order}
limit $1::bigint offset $2::bigint
