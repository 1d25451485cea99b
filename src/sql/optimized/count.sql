-- How many customers match.
select count(*) as count
from (select * from customer_list where /*finding*/ true /*end*/ offset 0) found
where /*filters*/ true /*end*/
