-- Customers that match all words of a text, by stored vectors. $1 the text.
select customer.id, customer.first_name, customer.last_name
from customer
join customer_document on customer_document.id = customer.id
where customer_document.document @@ websearch_to_tsquery('simple', $1::text)
order by customer.id
limit 20
