-- The customers that match a list request. $1..$9 texts, escaped for ILIKE; $10 gender; $11..$18 dates and times,
-- inclusive; $19 has an address or not; $20, $21 points; $22 the whole search text; $23 its words, null where the
-- text is one query, and $24 those of them that are numbers. A null parameter is no filter.
with word as (
  select searched.text, searched.query, searched.text = any($24::text[]) as is_number
  from (
    select given.text, websearch_to_tsquery('simple', given.text) as query
    from unnest($23::text[]) given (text)
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
where ($1::text is null or customer.first_name ilike '%' || $1 || '%')
  and ($2::text is null or customer.last_name ilike '%' || $2 || '%')
  and ($3::text is null or customer.customer_id ilike '%' || $3 || '%')
  and ($4::text is null or customer.phone_number ilike '%' || $4 || '%')
  and ($5::text is null or address.country ilike '%' || $5 || '%')
  and ($6::text is null or address.city ilike '%' || $6 || '%')
  and ($7::text is null or address.city_code ilike '%' || $7 || '%')
  and ($8::text is null or address.street ilike '%' || $8 || '%')
  and ($9::text is null or address.street_number ilike '%' || $9 || '%')
  and ($10::text is null or customer.gender = $10)
  and ($11::date is null or customer.birthday >= $11)
  and ($12::date is null or customer.birthday <= $12)
  and ($13::timestamptz is null or customer.created >= $13)
  and ($14::timestamptz is null or customer.created <= $14)
  and ($15::timestamptz is null or customer.last_updated >= $15)
  and ($16::timestamptz is null or customer.last_updated <= $16)
  and ($17::timestamptz is null or relationship.last_activity >= $17)
  and ($18::timestamptz is null or relationship.last_activity <= $18)
  and ($19::boolean is null or (customer.address_id is not null) = $19)
  and ($20::bigint is null or relationship.points >= $20)
  and ($21::bigint is null or relationship.points <= $21)
  and ($22::text is null or $23::text[] is not null or document.vector @@ websearch_to_tsquery('simple', $22))
  and ($23::text[] is null or (
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
