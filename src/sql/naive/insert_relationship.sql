-- Inserts a relationship. $1 the customer's id, $2 points, $3 last activity.
insert into customer_relationship (customer_ref, points, last_activity)
values ($1::bigint, $2::integer, $3::timestamptz)
