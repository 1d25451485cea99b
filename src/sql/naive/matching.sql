-- The customers that match a list request. $1 the whole search text; $2 its words, null if the text is one query; $3
-- those words that are numbers. Then a value for each filter, in the order of the contract's columns: texts escaped for
-- ILIKE, dates and times inclusive. A null parameter is no filter.
with word as (
  select searched.text, searched.query, searched.text = any($3::text[]) as is_number
  from (
    select given.text, websearch_to_tsquery('simple', given.text) as query
    from unnest($2::text[]) given (text)
  ) searched
  where numnode(searched.query) > 0
)
select customer.id, customer.first_name, customer.last_name, customer.gender, customer.customer_id,
  customer.phone_number, customer.created, customer.birthday, customer.last_updated, customer.address_id
from customer
left join address on address.id = customer.address_id
left join customer_relationship relationship on relationship.customer_ref = customer.id
cross join lateral (
  select setweight(to_tsvector('simple', concat_ws(' ', customer.first_name, customer.last_name, customer.customer_id)), 'A')
    || setweight(to_tsvector('simple', concat_ws(' ', to_char(customer.birthday, 'YYYY-MM-DD'), customer.phone_number,
         address.city, address.country)), 'B')
    || setweight(to_tsvector('simple', concat_ws(' ', address.street, address.street_number, address.city_code,
         relationship.points)), 'C')
    || setweight(to_tsvector('simple', concat_ws(' ', to_char(relationship.created at time zone 'UTC', 'YYYY-MM-DD'),
         to_char(relationship.last_activity at time zone 'UTC', 'YYYY-MM-DD'))), 'D')
) document (vector)
where ($4::timestamptz is null or customer.created >= $4)
  and ($5::timestamptz is null or customer.created <= $5)
  and ($6::timestamptz is null or customer.last_updated >= $6)
  and ($7::timestamptz is null or customer.last_updated <= $7)
  and ($8::timestamptz is null or relationship.last_activity >= $8)
  and ($9::timestamptz is null or relationship.last_activity <= $9)
  and ($10::bigint is null or relationship.points >= $10)
  and ($11::bigint is null or relationship.points <= $11)
  and ($12::date is null or customer.birthday >= $12)
  and ($13::date is null or customer.birthday <= $13)
  and ($14::text is null or customer.gender = $14)
  and ($15::text is null or customer.first_name ilike '%' || $15 || '%')
  and ($16::text is null or customer.last_name ilike '%' || $16 || '%')
  and ($17::text is null or customer.customer_id ilike '%' || $17 || '%')
  and ($18::text is null or customer.phone_number ilike '%' || $18 || '%')
  and ($19::text is null or address.country ilike '%' || $19 || '%')
  and ($20::boolean is null or (customer.address_id is not null) = $20)
  and ($21::text is null or address.city ilike '%' || $21 || '%')
  and ($22::text is null or address.city_code ilike '%' || $22 || '%')
  and ($23::text is null or address.street ilike '%' || $23 || '%')
  and ($24::text is null or address.street_number ilike '%' || $24 || '%')
  and ($1::text is null or $2::text[] is not null or document.vector @@ websearch_to_tsquery('simple', $1))
  and ($2::text[] is null or (
    exists (select from word)
    and not exists (
      select from word
      where not (
        document.vector @@ word.query
        or (word.is_number and (
          coalesce(customer.phone_number like '%' || word.text || '%', false)
          or coalesce(address.city_code like '%' || word.text || '%', false)
          or coalesce(address.street_number like '%' || word.text || '%', false)
        ))
      )
    )
  ))
