-- A branch of collect_by_index.sql: the customers that one index finds. `offset 0` keeps the planner from taking another
-- way because it guesses otherwise.
select collected.id, /*keys*/ created as key /*end*/
from (
  select *
  from customer_list
  where /*finding*/ true /*end*/
  offset 0
) collected
/*joins*/ /*end*/
where /*filters*/ true /*end*/
