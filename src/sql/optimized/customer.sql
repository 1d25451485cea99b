-- One customer's JSON text. $1 the id.
select customer_list.body
from customer_list
where customer_list.id = $1::bigint
