-- Records what was done to this database, apart from its tables. It can be run again.
create schema if not exists migration;

-- The applied migrations of the tables, in order, and the objects that each made.
create table if not exists migration.applied (
  number integer not null,
  name text not null,
  digest text not null,
  made text[] not null,
  applied timestamptz not null default now(),
  constraint applied_pkey primary key (number)
);

-- The read model of a database of the optimized server, at most one row: the completed steps and the objects they made.
-- Another version drops these objects and no others.
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

-- Every table, view, index, sequence, routine and type, except those of extensions and parts of other objects: its kind
-- as DROP names it, and its name.
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
