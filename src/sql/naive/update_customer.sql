-- Updates what the patch names. $1 the id, $2 the patch, $3 whether the address is replaced, $4 the new address id.
update customer
set first_name = coalesce(patch.body ->> 'first_name', customer.first_name),
  last_name = coalesce(patch.body ->> 'last_name', customer.last_name),
  gender = coalesce(patch.body ->> 'gender', customer.gender),
  customer_id = coalesce(patch.body ->> 'customer_id', customer.customer_id),
  phone_number = case when patch.body ? 'phone_number' then patch.body ->> 'phone_number' else customer.phone_number end,
  birthday = case when patch.body ? 'birthday' then (patch.body ->> 'birthday')::date else customer.birthday end,
  address_id = case when $3::boolean then $4::bigint else customer.address_id end,
  last_updated = now()
from (select $2::text::jsonb) patch (body)
where customer.id = $1::bigint
