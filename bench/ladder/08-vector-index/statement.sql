-- Customers that match all words of a text. $1 the text.
select customer_document.id
from customer_document
where customer_document.document @@ websearch_to_tsquery('simple', $1::text)
order by customer_document.id
limit 20
