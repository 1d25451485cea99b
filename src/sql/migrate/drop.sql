-- Takes the read model away, whichever version made it, and refuses writes until another one is there: it would not have
-- them. A migration of the tables says by a setting that it may write.
do $$
declare
  others constant text[] := array(
    select identity from migration.objects() where identity not in (select unnest(made) from migration.read_model));
  tables constant text := (
    select string_agg(identity, ', ') from migration.objects()
    where kind = 'table' and identity in (select unnest(made) from migration.applied));
  statements text;
begin
  -- Writes that are under way end first: they go on to the read model.
  execute format('lock table %s in share row exclusive mode', tables);

  select string_agg(format('drop %s if exists %s cascade', kind, identity), '; '
    order by kind = 'table' desc, kind = 'view' desc, kind, identity)
  into statements
  from migration.objects()
  where identity <> all (others);
  if statements is not null then execute statements; end if;

  -- It is not known how to make those again.
  select string_agg(identity, ', ') into statements
  from unnest(others) identity
  where identity not in (select identity from migration.objects());
  if statements is not null then
    raise exception 'what depends on the read model would go with it; drop it yourself, and make it again afterwards: %', statements;
  end if;

  create or replace function migration.refuse() returns trigger language plpgsql as $function$
  begin
    if coalesce(current_setting('migration.runs', true), '') = '' then
      raise exception 'the read model is being made' using errcode = 'object_not_in_prerequisite_state';
    end if;
    return null;
  end $function$;

  select string_agg(format('create or replace trigger refused before insert or update or delete or truncate on %s
    for each statement execute function migration.refuse()', name), '; ')
  into statements
  from unnest(string_to_array(tables, ', ')) name;
  execute statements;
end $$;
