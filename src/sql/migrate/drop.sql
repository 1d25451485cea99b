-- Drops the read model of any version.
do $$
declare
  others constant text[] := array(
    select identity from migration.objects() where identity not in (select unnest(made) from migration.read_model));
  tables constant text := (
    select string_agg(identity, ', ') from migration.objects()
    where kind = 'table' and identity in (select unnest(made) from migration.applied));
  dropped record;
  missing text;
begin
  -- Waits for in-flight writes, which also write to the read model.
  execute format('lock table %s in share row exclusive mode', tables);

  -- One by one: Citus sends its workers all of an executed text, and they accept only one statement.
  for dropped in
    select format('drop %s if exists %s cascade', kind, identity) as statement
    from migration.objects()
    where identity <> all (others)
    order by kind = 'table' desc, kind = 'view' desc, kind, identity
  loop
    execute dropped.statement;
  end loop;

  -- The migration cannot recreate these objects.
  select string_agg(identity, ', ') into missing
  from unnest(others) identity
  where identity not in (select identity from migration.objects());
  if missing is not null then
    raise exception 'what depends on the read model would go with it; drop it yourself, and make it again afterwards: %', missing;
  end if;
end $$;
