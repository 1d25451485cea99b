-- How many customers match.
select count(*) as count
from customer_list
where /*filters*/ true /*end*/
