-- How many rows match, counted by each worker and added up.
select count(*) as count
from {list}
where {tests}
