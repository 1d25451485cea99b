-- The table of the orders, and what a row of their listing is. Amounts are in cents.
create table purchase (
  id bigint generated always as identity primary key,
  placed timestamptz not null default now(),
  delivered date,
  amount integer not null,
  status text not null default 'new',
  customer text not null,
  note text
);

create view order_list_row as
select id, placed, delivered, amount, status, customer, note,
  setweight(to_tsvector('simple', customer), 'A') || setweight(to_tsvector('simple', coalesce(note, '')), 'B') as document
from purchase;

-- A row of the listing is made from one row, which its own change locks.
create function order_list_lock(ids bigint[]) returns void language sql begin atomic end;
