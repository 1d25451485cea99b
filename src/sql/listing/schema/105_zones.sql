-- The zone map of a listing: for each tag of some columns (a bucket of a column with ranges, or one value of a column with few)
-- the ranges that its rows have in each order. So a condition says where in another order its matches can lie, and the rows
-- elsewhere need not be read. Like the zone maps of column stores and PostgreSQL's BRIN, but by value instead of by place on
-- disk: it does not wear out as rows move. What is written later adds a range of its own, so that one row far away from the
-- others of its tag does not open all that lies between.

-- Ranges of texts; PostgreSQL brings those of the other types. That of integers could not hold the greatest one.
create type listing_text_range as range (subtype = text);

create function listing_range_type(type text) returns text language sql immutable
  return case type when 'timestamptz' then 'tstzrange' when 'date' then 'daterange' when 'integer' then 'int8range'
    else 'listing_text_range' end;

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

-- The tag of a row for one column, as an expression.
create function listing_zone_tag(list text, name text, type text, filter text) returns text language sql stable
  return case filter
    when 'range' then format('%s + public.%s_quantile_%s(%I, 0)',
      (select number * 1000 from listing_order
        where listing_order.list = listing_zone_tag.list and columns = array[listing_zone_tag.name]),
      list, name, name)
    else listing_value_tag_of(name) end;

-- Measures which columns the zone map has: those with few values or with ranges whose rows span a tenth less of some other order
-- than rows drawn at random would. `n` of those span (n - 1) / (n + 1) of it. Ties are broken at random, and rows without a value
-- are left out: a value that many rows have would shorten every span.
create procedure listing_measure_zones(list text) language plpgsql as $$
declare
  percent constant float8 := listing_percent(list, 30000);
  ranks constant text := (select string_agg(
      format('case when %1$I is not null then percent_rank() over (partition by %1$I is null order by %1$I, random()) end
        as %1$I', name), ', ')
    from listing_first_columns(list));
  parts constant text := (select string_agg(
      format('max(%1$I) - min(%1$I) as span_%1$s, nullif(greatest(1, count(%1$I)), 1) as count_%1$s', name), ', ')
    from listing_first_columns(list));
  measured record;
  span float8;
begin
  for measured in
    select name, listing_zone_tag(listing_column.list, name, type, filter) as tag,
      (select string_agg(
          format('sum(span_%1$s) / nullif(sum((count_%1$s - 1.0) / (count_%1$s + 1.0)), 0)', first.name), ', ')
        from listing_first_columns(listing_column.list) first where first.name <> listing_column.name) as spans
    from listing_column
    where listing_column.list = listing_measure_zones.list and (filter in ('range', 'equals') or matching = 'values')
  loop
    execute format($sql$
      with sampled as materialized (select * from %1$I tablesample system (%2$s)),
      ranked as (select %3$s as tag, %4$s from sampled where %5$I is not null),
      part as (select tag, %6$s from ranked group by tag)
      select case when count(*) <= 4096 then least(%7$s) end from part
    $sql$, list, percent, measured.tag, ranks, measured.name, parts, measured.spans) into span;
    update listing_column set zoned = coalesce(span < 0.9, false)
    where listing_column.list = listing_measure_zones.list and listing_column.name = measured.name;
  end loop;
end $$;

-- The range of some rows in each order.
create function listing_ranges(list text) returns text language sql stable
  return (select string_agg(format(
      'case when min(%1$I) is null then ''{}'' else multirange(%2$s(min(%1$I), max(%1$I), ''[]'')) end as %1$I',
      name, listing_range_type(type)), ', ')
    from listing_first_columns(list));

-- Makes the zone map, by one statement, which PostgreSQL can share among processes. The row with the tag -1 has the ranges of
-- the whole table as it was then.
create procedure listing_make_zones(list text) language plpgsql as $$
begin
  execute (
    select format('create table %1$s_zone as ', listing_make_zones.list)
      || string_agg(format('select %1$s as tag, %2$s from %3$I group by tag', tag,
        listing_ranges(listing_make_zones.list), listing_make_zones.list), ' union all ')
    from (
      select '-1' as tag
      union all
      select listing_zone_tag(listing_column.list, name, type, filter)
      from listing_column where listing_column.list = listing_make_zones.list and zoned
    ) zoned);
  execute format('alter table %1$s_zone add constraint %1$s_zone_pkey primary key (tag)', list);
  execute format('analyze %s_zone', list);
end $$;

-- What widens the zone map by the rows of some ids: nearly always these lie within it, which is asked first. Beyond what the
-- whole table had a range is open: of times that only go up each write would widen the same zone, and wait for the one before
-- it. Of more than eight ranges one is made, as a bound of what a zone takes.
create function listing_widening(list text) returns text language sql stable
  return coalesce((select format($sql$
      if exists (
        select from %1$I listed
        cross join unnest(array[%3$s]) tag
        where listed.id = any(ids) and not exists (select from %1$s_zone zone where zone.tag = tag.tag and %4$s offset 0)
      ) then
        insert into %1$s_zone as known
        select tag, %2$s
        from %1$I listed
        cross join unnest(array[%3$s]) tag
        where listed.id = any(ids)
        group by tag
        order by tag
        on conflict (tag) do update set %5$s;
      end if;
    $sql$, listing_widening.list, listing_ranges(listing_widening.list),
      string_agg(listing_zone_tag(listing_widening.list, name, type, filter), ', '),
      (select string_agg(format('(listed.%1$I is null or zone.%1$I @> listed.%1$I%2$s)', name,
          case type when 'integer' then '::bigint' end), ' and ')
        from listing_first_columns(listing_widening.list)),
      (select string_agg(format($set$
          %1$I = (
            select case when (select count(*) from unnest(wider)) > 8 then multirange(range_merge(wider)) else wider end
            from %3$s_zone whole,
              multirange(%2$s(
                case when lower(excluded.%1$I) > upper(whole.%1$I) then upper(whole.%1$I)
                  when lower(excluded.%1$I) >= lower(whole.%1$I) then lower(excluded.%1$I) end,
                case when upper(excluded.%1$I) < lower(whole.%1$I) then lower(whole.%1$I)
                  when upper(excluded.%1$I) <= upper(whole.%1$I) then upper(excluded.%1$I) end, '[]')) written,
              coalesce(known.%1$I + case when not isempty(excluded.%1$I) then written end, known.%1$I) wider
            where whole.tag = -1)$set$, name, listing_range_type(type), listing_widening.list), ',')
        from listing_first_columns(listing_widening.list)))
    from listing_column where listing_column.list = listing_widening.list and zoned
    having count(*) > 0), '');
