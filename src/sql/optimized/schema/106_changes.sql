-- What has changed, for the caches of the servers. Every change of the read model leaves a row here in the changing
-- transaction, and each server asks many times a second for the rows that its last snapshot did not see (changes.sql).
-- So it learns of every committed change and of no other, whoever made it, and whatever was cut, killed or restarted in
-- between. NOTIFY would do the same without asking, but it lets one transaction commit at a time: with 16 writers and
-- 2.4 ms for a write to reach the disk that left 180 of 510 creates a second.
--
-- Nothing here needs to outlive a crash, so the tables are not logged, and cost a write a fraction of what it costs
-- anyway. A crash empties them, and that is how servers learn of it: transaction ids may then come again.

create unlogged table customer_change (
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  -- [customer before, its words, customer after, its words]; null says that anything may have changed
  change text
);
create index customer_change_xid_idx on customer_change (xid);

-- One row. `era` is another after a crash. Changes before `upto` were seen by everybody's snapshots at `taken`, and are
-- deleted a minute later; those before `deleted` are.
create unlogged table customer_change_mark (
  is_there boolean not null default true,
  era uuid not null default gen_random_uuid(),
  taken timestamptz not null default clock_timestamp(),
  upto xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
  deleted xid8 not null default '0',
  constraint customer_change_mark_pkey primary key (is_there),
  constraint customer_change_mark_is_there_check check (is_there)
);
insert into customer_change_mark default values;

-- A change as text. A year beyond four digits would not compare as text, and an infinite time is not in the customer.
create function change_text(was customer_list, became customer_list) returns text language sql immutable as $$
  select case
    when octet_length(concat(was.body, became.body)) > 20000 then null
    when least(was.created, was.last_updated, was.last_activity, was.birthday, became.created, became.last_updated,
        became.last_activity, became.birthday) < '0001-01-01 00:00:00+00' then null
    when greatest(was.created, was.last_updated, was.last_activity, was.birthday, became.created, became.last_updated,
        became.last_activity, became.birthday) >= '9999-12-31 00:00:00+00' then null
    else concat('[', coalesce(was.body, 'null'), ',', coalesce(array_to_json(tsvector_to_array(was.document)), 'null'), ',',
      coalesce(became.body, 'null'), ',', coalesce(array_to_json(tsvector_to_array(became.document)), 'null'), ']')
  end
$$;

create function tidy_changes() returns void language plpgsql as $$
declare
  mark customer_change_mark;
begin
  select * into mark from customer_change_mark where taken < clock_timestamp() - interval '1 minute'
  for update skip locked;
  if not found then return; end if;
  delete from customer_change where xid < mark.upto;
  update customer_change_mark
  set deleted = mark.upto, taken = clock_timestamp(), upto = pg_snapshot_xmin(pg_current_snapshot());
end $$;

-- Of a statement that changes many customers nobody wants to know each.
create function announce_changes() returns trigger language plpgsql as $$
declare
  most constant integer := 32;
begin
  if tg_op = 'TRUNCATE' then
    insert into customer_change default values;
  elsif tg_op = 'INSERT' then
    if exists (select from became offset most) then
      insert into customer_change default values;
    else
      insert into customer_change (change) select change_text(null, became) from became;
    end if;
  elsif tg_op = 'DELETE' then
    if exists (select from was offset most) then
      insert into customer_change default values;
    else
      insert into customer_change (change) select change_text(was, null) from was;
    end if;
  else
    if exists (select from became offset most) then
      insert into customer_change default values;
    else
      insert into customer_change (change) select change_text(was, became) from was join became on became.id = was.id;
    end if;
  end if;
  -- A transaction that works on an old snapshot could not change a row that others have changed since.
  if random() < 0.001 and current_setting('transaction_isolation') = 'read committed' then
    perform tidy_changes();
  end if;
  return null;
end $$;

create trigger list_inserted after insert on customer_list
  referencing new table as became for each statement execute function announce_changes();
create trigger list_updated after update on customer_list
  referencing old table as was new table as became for each statement execute function announce_changes();
create trigger list_deleted after delete on customer_list
  referencing old table as was for each statement execute function announce_changes();
create trigger list_truncated after truncate on customer_list
  for each statement execute function announce_changes();

-- The changes of this transaction, as a JSON list of [id, xid, change].
create function changes_made() returns text language sql volatile as $$
  select '[' || coalesce(string_agg(concat('[', id, ',', xid, ',', coalesce(change, 'null'), ']'), ',' order by id), '') || ']'
  from customer_change
  where xid = pg_current_xact_id_if_assigned()
$$;
