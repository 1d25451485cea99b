-- How many customers match.
select count(*) as count, /*unseen*/ false /*end*/ as unseen
from (select * from customer_list where /*finding*/ true /*end*/ offset 0) found
where /*filters*/ true /*end*/
