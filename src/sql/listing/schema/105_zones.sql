-- The zone map of a listing: for each tag of some columns (a bucket of a column with ranges, or one value of a column with few)
-- the ranges that its rows have in those orders that the column goes with. So a condition says where in another order its matches
-- can lie, and the rows elsewhere need not be read. Like the zone maps of column stores and PostgreSQL's BRIN, but by value
-- instead of by place on disk: it does not wear out as rows move. What is written later adds a bucket of the order, so that one
-- row far away from the others of its tag does not open all that lies between.

-- Ranges of texts; PostgreSQL brings those of the other types. That of integers could not hold the greatest one.
create type listing_text_range as range (subtype = text);

create function listing_range_type(type text) returns text language sql immutable
  return case type when 'timestamptz' then 'tstzrange' when 'date' then 'daterange' when 'integer' then 'int8range'
    when 'bigint' then 'int8range' else 'listing_text_range' end;

-- The columns that the orders of lists begin with.
create function listing_first_columns(list text) returns table (name text, type text) language sql stable
  begin atomic
    select listing_column.name, listing_column.type
    from listing_column
    where listing_column.list = listing_first_columns.list and exists (
      select from listing_order
      where listing_order.list = listing_first_columns.list and is_sort and columns[1] = listing_column.name)
    order by position;
  end;

-- Those of them that a column goes with: the zone map has ranges of each.
create function listing_zone_columns(list text) returns table (name text, type text) language sql stable
  begin atomic
    select first.name, first.type
    from listing_first_columns(list) first
    where exists (
      select from listing_column
      where listing_column.list = listing_zone_columns.list and first.name = any(zoned));
  end;

-- The tag of a row for one column, as an expression.
create function listing_zone_tag(list text, name text, type text, filter text) returns text language sql stable
  return case filter
    when 'range' then format('%s + public.%s_quantile_%s(%I, 0)',
      (select number * 1000 from listing_order
        where listing_order.list = listing_zone_tag.list and columns = array[listing_zone_tag.name]),
      list, name, name)
    else listing_value_tag_of(name) end;

-- Measures which orders each column goes with, of those with few values or with ranges: those of which the rows of a tag span a
-- tenth less than rows drawn at random would. `n` of those span (n - 1) / (n + 1) of an order. Ties are broken at random, and
-- rows without a value are left out: a value that many rows have would shorten every span.
create procedure listing_measure_zones(list text) language plpgsql as $$
declare
  ranks constant text := (select string_agg(
      format('case when %1$I is not null then percent_rank() over (partition by %1$I is null order by %1$I, random()) end
        as %1$I', name), ', ')
    from listing_first_columns(list));
  parts constant text := (select string_agg(
      format('max(%1$I) - min(%1$I) as span_%1$s, nullif(greatest(1, count(%1$I)), 1) as count_%1$s', name), ', ')
    from listing_first_columns(list));
  tags text;
  measured record;
  spans float8[];
begin
  select string_agg(format('case when %I is not null then %s end as tag_%s', name,
    listing_zone_tag(listing_column.list, name, type, filter), name), ', ')
  into tags
  from listing_column
  where listing_column.list = listing_measure_zones.list and (filter in ('range', 'equals') or matching = 'values');
  if tags is null then return; end if;
  execute format('create temporary table listing_ranked as select %s, %s from %I tablesample system (%s)', tags, ranks, list,
    listing_percent(list, 30000));
  for measured in
    select name, other.names, other.spans
    from listing_column
    cross join lateral (
      select array_agg(first.name order by first.name) as names,
        string_agg(format('sum(span_%1$s) / nullif(sum((count_%1$s - 1.0) / (count_%1$s + 1.0)), 0)', first.name), ', '
          order by first.name) as spans
      from listing_first_columns(listing_column.list) first where first.name <> listing_column.name
    ) other
    where listing_column.list = listing_measure_zones.list and (filter in ('range', 'equals') or matching = 'values')
  loop
    execute format($sql$
      with part as (select %3$s from listing_ranked where tag_%1$s is not null group by tag_%1$s)
      select case when count(*) <= 4096 then array[%2$s]::float8[] end from part
    $sql$, measured.name, measured.spans, parts) into spans;
    update listing_column
    set zoned = array(select other from unnest(measured.names, spans) pair (other, span) where span < 0.9)
    where listing_column.list = listing_measure_zones.list and listing_column.name = measured.name;
  end loop;
  drop table listing_ranked;
end $$;

-- The ranges of the rows of one column's tag, a column for each order: all of an order that the column does not go with.
create function listing_zone_ranges(list text, zoned text[]) returns text language sql stable
  return (select string_agg(
      case when name = any(zoned) then format(
        'case when min(%1$I) is null then ''{}'' else multirange(%2$s(min(%1$I), max(%1$I), ''[]'')) end', name,
        listing_range_type(type))
      else '''{(,)}''' end, ', ')
    from listing_zone_columns(list));

-- Makes the zone map, by one statement, which PostgreSQL can share among processes. Called again it takes the place of the one
-- before, which has the buckets of deleted rows still: lists are read meanwhile, writes wait.
create procedure listing_make_zones(list text) language plpgsql as $$
declare
  none constant text := (select string_agg(
      format(', null::%s as %I', replace(listing_range_type(type), 'range', 'multirange'), name), '')
    from listing_zone_columns(list));
begin
  execute format('lock table %I in share row exclusive mode', list);
  execute (
    select format('create table %s_zone_new as select null::integer as tag%s where false', listing_make_zones.list, none)
      || coalesce(string_agg(format(' union all select %s as tag, %s from %I group by 1',
        listing_zone_tag(listing_column.list, name, type, filter), listing_zone_ranges(listing_column.list, zoned),
        listing_column.list), ''), '')
    from listing_column where listing_column.list = listing_make_zones.list and zoned <> '{}');
  execute format('drop table if exists %1$s_zone; alter table %1$s_zone_new rename to %1$s_zone', list);
  execute format('alter table %1$s_zone add constraint %1$s_zone_pkey primary key (tag)', list);
  execute format('analyze %s_zone', list);
end $$;

-- What widens the zone map by the rows of some ids that lie outside of it: by the buckets that they lie in, so that an order of a
-- tag is widened 256 times at the most. A transaction that widens a tag holds it until its end, and others that would do the
-- same wait for it.
create function listing_widening(list text) returns text language sql stable
  return coalesce((select format($sql$
      insert into %1$s_zone as known
      select tag.tag, %2$s
      from %1$I listed
      cross join lateral (values %3$s) tag (tag, name)
      where listed.id = any($1) and not exists (
        select from %1$s_zone zone where zone.tag = tag.tag and %4$s offset 0)
      group by tag.tag
      order by tag.tag
      on conflict (tag) do update set %5$s;
    $sql$, listing_widening.list,
      (select string_agg(format(
          'coalesce(range_agg(case when tag.name = any(%1$L) then public.%2$s_zone_%3$s(listed.%3$I) else ''(,)'' end), ''{}'')',
          array(select listing_column.name from listing_column
            where listing_column.list = listing_widening.list and first.name = any(zoned)),
          listing_widening.list, first.name), ', ')
        from listing_zone_columns(listing_widening.list) first),
      string_agg(format('(%s, %L)', listing_zone_tag(listing_widening.list, name, type, filter), name), ', '),
      (select string_agg(format('(listed.%1$I is null or zone.%1$I @> listed.%1$I%2$s)', name,
          case type when 'integer' then '::bigint' end), ' and ')
        from listing_zone_columns(listing_widening.list)),
      (select string_agg(format('%1$I = known.%1$I + excluded.%1$I', name), ', ')
        from listing_zone_columns(listing_widening.list)))
    from listing_column where listing_column.list = listing_widening.list and zoned <> '{}'
    having count(*) > 0), '');
