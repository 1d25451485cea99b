-- One row, from the shard that has it; no row if the id does not exist. $1 the id.
select {row} as body
from {list} page
where page.id = $1::bigint
