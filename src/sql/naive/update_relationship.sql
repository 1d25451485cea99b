-- Updates what the patch names of a relationship, or inserts one. $1 the customer's id, $2 the patch.
insert into customer_relationship (customer_ref, points, last_activity)
select $1::bigint, coalesce((patch.body ->> 'points')::integer, 0), (patch.body ->> 'last_activity')::timestamptz
from (select $2::text::jsonb) patch (body)
on conflict on constraint customer_relationship_customer_ref_key do update
set points = case when $2::text::jsonb ? 'points' then excluded.points else customer_relationship.points end,
  last_activity = case when $2::text::jsonb ? 'last_activity' then excluded.last_activity
    else customer_relationship.last_activity end
