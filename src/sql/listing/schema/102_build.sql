-- Makes a listing from the view <list>_row, in steps. Names and constants of the listing are written into the functions
-- that the steps make, since only an immutable function without a lookup can be in an index.

-- The table, filled, in the order of the default list, so that a page of it lies together on disk.
create procedure listing_fill(list text, sorted text) language plpgsql as $$
begin
  execute format('create table %1$I as select * from %1$s_row order by %2$s, id', list, sorted);
  execute format('alter table %1$I alter id set not null, add constraint %1$s_pkey primary key (id)', list);
  execute format('analyze %I', list);
end $$;

-- Measures how each text is matched, and stores the different values of those that have few, or a frequent one: where many rows share
-- a value, its grams are entries of all of them. The values are counted by those whose hash is one of sixteen (Gibbons, 2001,
-- https://www.vldb.org/conf/2001/P541.pdf): n_distinct of PostgreSQL, which looks at 30 000 rows, said 50 times too few where few rows
-- share each. Rows of a table that is empty yet are few values each. The grams of each column have an index of their own: one of few
-- values is not searched among those of all others.
create procedure listing_measure(list text) language plpgsql as $$
declare
  names constant text[] := array(select name from listing_column
    where listing_column.list = listing_measure.list and filter = 'contains' order by position);
  measured bigint[];
  different text;
  kept record;
begin
  execute (select format('select array[count(*)] || array[%s]::bigint[] from %I', string_agg(
      format('16 * count(distinct hashtext(%1$I)) filter (where hashtext(%1$I) & 15 = 0)', name), ', ' order by place), list)
    from unnest(names) with ordinality named (name, place))
  into measured;
  update listing_column
  set matching = case when measured[1] > 1000 and measured[1 + array_position(names, name)] > 0.1 * measured[1]
      and not exists (select from pg_stats
        where schemaname = current_schema() and tablename = listing_measure.list and attname = name and most_common_freqs[1] > 0.05)
    then 'grams' else 'values' end
  where listing_column.list = listing_measure.list and name = any(names);

  -- Made by one statement, which PostgreSQL can share among processes.
  select string_agg(format('select %2$L as column_name, %3$I as value from %1$I where %3$I is not null group by %3$I',
    listing_measure.list, name, name), ' union all ')
  into different
  from listing_column where listing_column.list = listing_measure.list and matching = 'values';
  execute format('create table %s_value as select column_name, value from (%s) kept', list,
    coalesce(different, 'select null::text as column_name, null::text as value limit 0'));
  execute format('alter table %1$s_value add constraint %1$s_value_pkey primary key (column_name, value)', list);
  for kept in
    select name from listing_column where listing_column.list = listing_measure.list and matching = 'values'
  loop
    execute format('create index %1$s_value_%2$s_idx on %1$s_value using gin (listing_grams(value)) where column_name = %2$L',
      list, kept.name);
  end loop;
  execute format('analyze %1$s_value', list);
end $$;

-- A function that says in which of 256 equally filled buckets of a column's order a value lies; a value that fills
-- several is spread over them by `within`, its rank from 0 to 255 in the order of what follows. Nulls have buckets of
-- their own behind the others, as many as they would fill. The boundaries are those of a sample of now: whatever comes
-- later, a greater value never lies in a lower bucket, and only how evenly they are filled may change.
create procedure listing_make_quantile(list text, name text, type text) language plpgsql as $$
declare
  percent constant float8 := listing_percent(list, 300000);
  places constant float8[] := array(select place / 256.0 from generate_series(1, 255) place);
  bounds text;
  befores text;
  heights text;
  nulls integer;
begin
  execute format($sql$
    with sampled as materialized (select %2$I as value from %1$I tablesample system (%4$s)),
    quantile as (
      select unnest(percentile_disc(%5$L::float8[]) within group (order by value)) as bound
      from sampled where value is not null
    ), grouped as (
      select bound, count(*) as height, sum(count(*)) over (order by bound) - count(*) as before
      from quantile where bound is not null group by bound
    )
    select array_agg(bound order by bound)::%3$s[]::text, array_agg(before order by bound)::text,
      array_agg(height order by bound)::text,
      ceil(256 * (select count(*) filter (where value is null)::float8 / greatest(count(*), 1) from sampled))
    from grouped
  $sql$, list, name, type, percent, places) into bounds, befores, heights, nulls;

  execute format($sql$
    create or replace function %1$s_quantile_%2$s(value %3$s, within integer) returns integer
    language plpgsql immutable parallel safe as $function$
    declare
      place integer;
    begin
      if value is null then return 256 + within * %7$s / 256; end if;
      place := width_bucket(value, %4$L::%3$s[]);
      if place = 0 then return 0; end if;
      if value = (%4$L::%3$s[])[place] then
        return (%5$L::integer[])[place] + 1 + within * (%6$L::integer[])[place] / 256;
      end if;
      return (%5$L::integer[])[place] + (%6$L::integer[])[place];
    end $function$
  $sql$, list, name, type, coalesce(bounds, '{}'), coalesce(befores, '{}'), coalesce(heights, '{}'), greatest(nulls, 1));
  execute format($sql$
    create or replace function %1$s_quantiles_%2$s() returns integer language sql immutable parallel safe
      return 256 + %3$s
  $sql$, list, name, greatest(nulls, 1));

  -- The values between the boundaries on both sides of one, by which the zone map is widened.
  execute format($sql$
    create or replace function %1$s_zone_%2$s(value %3$s) returns %4$s language plpgsql immutable strict parallel safe
    as $function$
    declare
      bounds constant %3$s[] := %5$L;
      place constant integer := width_bucket(value, bounds);
    begin
      return %4$s(bounds[place], bounds[place + 1], '[)');
    end $function$
  $sql$, list, name, type, listing_range_type(type), coalesce(bounds, '{}'));
end $$;

-- The functions of the buckets: one for each order, and `<list>_tags`, everything that the inverted index holds of a row
-- beside its words and grams: its bucket in each order, and the tags of its values.
create procedure listing_make_tags(list text) language plpgsql as $$
declare
  parameters constant text := (select 'id bigint, ' || string_agg(format('%I %s', name, type), ', ' order by position)
    from listing_column where listing_column.list = listing_make_tags.list);
  ordered record;
  rank text;
  tags text := '';
begin
  call listing_make_quantile(list, 'id', 'bigint');
  for ordered in
    select distinct name, type
    from listing_column
    where listing_column.list = listing_make_tags.list
      and name in (select unnest(columns) from listing_order where listing_order.list = listing_make_tags.list)
  loop
    call listing_make_quantile(list, ordered.name, ordered.type);
  end loop;

  for ordered in
    select number, name, columns from listing_order where listing_order.list = listing_make_tags.list order by number
  loop
    -- From the last column to the first, each spreads what is equal in those before it.
    rank := format('public.%s_quantile_id(id, 0)', list);
    for place in reverse cardinality(ordered.columns)..1 loop
      if place < cardinality(ordered.columns) then
        rank := format('%s * 256 / public.%s_quantiles_%s()', rank, list, ordered.columns[place + 1]);
      end if;
      rank := format('public.%1$s_quantile_%2$s(%2$I, %3$s)', list, ordered.columns[place], rank);
    end loop;
    execute format($sql$
      create or replace function %1$s_bucket_%2$s(%3$s) returns integer language sql immutable parallel safe
        return %4$s
    $sql$, list, ordered.name,
      (select string_agg(format('%I %s', key.name, type), ', ' order by key.place) || ', id bigint'
        from unnest(ordered.columns) with ordinality key (name, place)
        join listing_column on listing_column.list = listing_make_tags.list and listing_column.name = key.name),
      rank);
    tags := tags || format('%s + %s, ', ordered.number * 1000, replace(rank, format('public.%s_quantile_id(id, 0)', list),
      'listing_place'));
  end loop;

  select tags || coalesce(string_agg(listing_value_tag_of(name), ', ' order by position), '')
  into tags
  from listing_column
  where listing_column.list = listing_make_tags.list and (matching = 'values' or filter = 'equals');
  execute format($sql$
    create or replace function %1$s_tags(%2$s) returns integer[] language plpgsql immutable parallel safe as $function$
    declare
      listing_place constant integer := public.%1$s_quantile_id(id, 0);
    begin
      return array[listing_place, %3$s];
    end $function$
  $sql$, list, parameters, tags);
end $$;

-- The indexes: one for each order, read forwards or backwards; and one inverted index for all conditions, so that they are
-- merged before a row is read.
create procedure listing_index(list text) language plpgsql as $$
declare
  ordered record;
begin
  for ordered in
    select name, array_to_string(array(select quote_ident(key) from unnest(order_columns.columns) key), ', ') as keys
    from listing_order order_columns
    where order_columns.list = listing_index.list and is_sort
    order by number
  loop
    execute format('create index %1$s_%2$s_idx on %1$I (%3$s, id)', list, ordered.name, ordered.keys);
  end loop;
  call listing_make_find_index(list);
end $$;

-- The inverted index: tags, the grams of texts that nearly every row has its own of, and words. PostgreSQL goes through the lists of
-- the first two conditions side by side, in the order of these columns, and asks the others for what both have: so a bucket
-- comes first, which never has more than a part of the rows.
create procedure listing_make_find_index(list text) language plpgsql as $$
begin
  execute format('create index %1$s_find_idx on %1$I using gin (%1$s_tags(%2$s)%3$s, document)
      with (gin_pending_list_limit = 512)',
    list,
    (select 'id, ' || string_agg(quote_ident(name), ', ' order by position)
      from listing_column where listing_column.list = listing_make_find_index.list),
    (select coalesce(string_agg(format(', listing_grams(%I)', name), '' order by position), '')
      from listing_column where listing_column.list = listing_make_find_index.list and matching = 'grams'));
end $$;

-- Makes buckets and zone map anew from the rows of now, after the table has grown manifold. Locks the listing.
create procedure listing_rebuild(list text) language plpgsql as $$
begin
  execute format('drop index %s_find_idx', list);
  call listing_make_tags(list);
  call listing_make_find_index(list);
  call listing_measure_zones(list);
  call listing_make_zones(list);
  call listing_make_refresh(list);
end $$;
