-- Refuses writes until another read model exists, which would miss them. Migrations of the tables may write: they set
-- migration.runs.
do $$
declare
  statements text;
begin
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
  from (
    select identity as name from migration.objects()
    where kind = 'table' and identity in (select unnest(made) from migration.applied)
  ) named;
  execute statements;
end $$;
