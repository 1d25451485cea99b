-- Customers that match all words of a text, by vectors computed in the statement. $1 the text.
select customer.id, customer.first_name, customer.last_name
from customer
left join address on address.id = customer.address_id
where setweight(to_tsvector('simple', concat_ws(' ', customer.first_name, customer.last_name)), 'A')
  || setweight(to_tsvector('simple', concat_ws(' ', address.city, address.country)), 'B')
  || setweight(to_tsvector('simple', concat_ws(' ', address.street, address.street_number, address.city_code)), 'C')
  @@ websearch_to_tsquery('simple', $1::text)
order by customer.id
limit 20
