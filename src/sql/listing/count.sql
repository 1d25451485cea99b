-- How many rows match.
select count(*) as count
from (select * from {list} where {find} offset 0) found
where {tests}
