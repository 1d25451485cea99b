-- The answers of creates that were sent with an Idempotency-Key, for a day. A row is written in the transaction that
-- creates the customer, so that after a crash both are there or neither. The customer may change or go while its row
-- stays, so there is no foreign key, and the body is kept as it was answered.
create table idempotency_key (
  key text not null,
  -- SHA-256 of the body of the request
  request bytea not null,
  created timestamptz not null default now(),
  -- the transaction that created the customer
  xid xid8 not null default pg_current_xact_id(),
  -- null inside of that transaction only
  customer_ref bigint,
  body text,
  constraint idempotency_key_pkey primary key (key)
);

-- The oldest are deleted first.
create index idempotency_key_created_idx on idempotency_key (created);
