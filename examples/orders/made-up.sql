-- Inserts made-up orders. $1 how many.
insert into purchase (placed, delivered, amount, status, customer, note)
select '2026-11-25'::timestamptz - n * interval '7 minutes',
  case when n % 5 > 0 then '2026-11-28'::date - n / 200 end,
  (hashint8(n) & 65535) + 100,
  (array['new', 'paid', 'sent', 'sent', 'returned'])[1 + n % 5],
  (array['Ada', 'Bob', 'Chioma', 'Dilek', 'Émile', 'Fumiko'])[1 + (hashint8(n + 1) & 1023) % 6] || ' '
    || (array['Lovelace', 'Okafor', 'Yılmaz', 'Durand', 'Sato'])[1 + (hashint8(n + 2) & 1023) % 5] || ' ' || n % 977,
  case when n % 3 = 0 then (array['leave at the door', 'ring twice', 'a present, no bill'])[1 + n % 9 / 3] || ' ' || n end
from generate_series(1, $1::integer) n
