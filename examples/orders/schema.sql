-- The table of orders, and the view that makes the rows of their listing. Amounts are in cents.
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

-- A listing row is made from one table row, which its own change locks.
create function order_list_lock(ids bigint[]) returns void language sql begin atomic end;
