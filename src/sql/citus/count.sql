-- The number of matching rows: each worker counts, and the counts are added.
select count(*) as count
from {list}
where {tests}
