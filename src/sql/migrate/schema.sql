-- What has been done to this database, beside its tables so that it is none of them. It can be run again.
create schema if not exists migration;

-- The migrations of the tables, in their order, and the objects that each has made.
create table if not exists migration.applied (
  number integer not null,
  name text not null,
  digest text not null,
  made text[] not null,
  applied timestamptz not null default now(),
  constraint applied_pkey primary key (number)
);

-- The read model, one row at the most: the steps that are done, in a database of the optimized server, and the objects that
-- they have made, which another version drops. What is no object of theirs is left alone.
create table if not exists migration.read_model (
  is_there boolean not null default true,
  number integer not null,
  digest text not null,
  steps text[] not null default '{}',
  made text[] not null default '{}',
  complete boolean not null default false,
  constraint read_model_pkey primary key (is_there),
  constraint read_model_is_there_check check (is_there)
);

-- Every table, view, index, sequence, routine and type, but for those of extensions and those that are part of another one:
-- its kind as DROP names it, and its name.
create or replace function migration.objects() returns table (kind text, identity text) language sql stable
  begin atomic
    with schemas as (
      select oid from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'migration')
    ), found as (
      select 'pg_class'::regclass as class, oid from pg_class
      where relnamespace in (select oid from schemas) and relkind in ('r', 'p', 'v', 'm', 'i', 'S')
      union all
      select 'pg_proc'::regclass, oid from pg_proc where pronamespace in (select oid from schemas)
      union all
      select 'pg_type'::regclass, oid from pg_type
      where typnamespace in (select oid from schemas) and typtype in ('d', 'e', 'r')
    )
    select identified.type, identified.identity
    from found
    cross join lateral pg_identify_object(found.class, found.oid, 0) identified
    where not exists (
      select from pg_depend where classid = found.class and objid = found.oid and deptype in ('e', 'i'));
  end;
