-- What every listing is made of. A listing is a flat table, one row for each thing that is listed, with every column that
-- a list filters or sorts by and the weighted text vector of its search. The tables it is made from stay the truth; the
-- view <list>_row says what a row is, and the procedures of 102_build.sql make table, indexes and triggers from it.

-- The columns of a listing, as columns.ts declares them. `filter` is how a list can ask for a value: contains, equals,
-- range or null. `matching` is how the index finds a part of a text: by the list of different values that contain it
-- (values), or, where nearly every row has its own, by the parts themselves (grams). `zoned`: the other columns
-- whose orders it goes with, which the zone map knows. Both are measured, not declared.
create table listing_column (
  list text not null,
  position integer not null,
  name text not null,
  type text not null,
  filter text,
  matching text,
  zoned text[] not null default '{}',
  constraint listing_column_pkey primary key (list, name),
  constraint listing_column_filter_check check (filter in ('contains', 'equals', 'range')),
  constraint listing_column_matching_check check (matching in ('values', 'grams'))
);

-- The orders of a listing: the columns that a row is sorted by, before its id. `number` begins the tags of its buckets.
-- Those that no list is sorted by are there for ranges, which the buckets find as well.
create table listing_order (
  list text not null,
  number integer not null,
  name text not null,
  columns text[] not null,
  is_sort boolean not null,
  constraint listing_order_pkey primary key (list, name)
);

-- The tag of a value in the inverted index: never a number below 2^30, which are those of buckets. Two values may share
-- one; what the index finds is tested again.
create function listing_value_tag(column_name text, value text) returns integer language sql immutable parallel safe
  return hashtext(column_name || ' ' || value) | 1073741824;

-- The tag of a row's value of a column, as an expression; that of a missing value is that of a line feed.
create function listing_value_tag_of(name text) returns text language sql immutable
  return format('public.listing_value_tag(%1$L, coalesce(%1$I, e''\n''))', name);

-- How many percent of a table's blocks hold about so many of its rows.
create function listing_percent(list text, rows float8) returns float8 language sql stable
  begin atomic
    select least(100, greatest(0.1, 100 * rows / greatest(reltuples, 1))) from pg_class where oid = list::regclass;
  end;

-- The parts of four characters of a text in lower case, each character beginning one: the last are filled up with line
-- feeds. A part of fewer characters is the beginning of some of them. Spelt out for texts of usual length, which takes half
-- the time of a loop.
create function listing_grams(value text) returns tsvector language plpgsql immutable strict parallel safe as $$
declare
  folded constant text := lower(value) || e'\n\n\n';
  grams constant integer := length(folded) - 3;
begin
  if grams <= 14 then
    return array_to_tsvector((array[
      substr(folded, 1, 4), substr(folded, 2, 4), substr(folded, 3, 4), substr(folded, 4, 4), substr(folded, 5, 4),
      substr(folded, 6, 4), substr(folded, 7, 4), substr(folded, 8, 4), substr(folded, 9, 4), substr(folded, 10, 4),
      substr(folded, 11, 4), substr(folded, 12, 4), substr(folded, 13, 4), substr(folded, 14, 4)])[1:grams]);
  elsif grams <= 32 then
    return array_to_tsvector((array[
      substr(folded, 1, 4), substr(folded, 2, 4), substr(folded, 3, 4), substr(folded, 4, 4), substr(folded, 5, 4),
      substr(folded, 6, 4), substr(folded, 7, 4), substr(folded, 8, 4), substr(folded, 9, 4), substr(folded, 10, 4),
      substr(folded, 11, 4), substr(folded, 12, 4), substr(folded, 13, 4), substr(folded, 14, 4),
      substr(folded, 15, 4), substr(folded, 16, 4), substr(folded, 17, 4), substr(folded, 18, 4),
      substr(folded, 19, 4), substr(folded, 20, 4), substr(folded, 21, 4), substr(folded, 22, 4),
      substr(folded, 23, 4), substr(folded, 24, 4), substr(folded, 25, 4), substr(folded, 26, 4),
      substr(folded, 27, 4), substr(folded, 28, 4), substr(folded, 29, 4), substr(folded, 30, 4),
      substr(folded, 31, 4), substr(folded, 32, 4)])[1:grams]);
  end if;
  return array_to_tsvector(array(select substr(folded, place, 4) from generate_series(1, grams) place));
end $$;

-- What the grams of a text must match that has all of these parts, each of four characters at the most: one of fewer is the
-- beginning of some grams.
create function listing_grams_query(parts text[]) returns tsquery language sql immutable strict parallel safe
  begin atomic
    select string_agg(format('''%s''%s', replace(replace(lower(part), '\', '\\'), '''', ''''''),
      case when length(part) < 4 then ':*' end), ' & ')::tsquery
    from unnest(parts) part;
  end;

-- The same for a text that contains `part`. Of many grams four are asked for, which find next to nothing else; each further one
-- is another list to merge.
create function listing_grams_query(part text) returns tsquery language sql immutable strict parallel safe
  begin atomic
    select listing_grams_query(array_agg(distinct substr(part, 1 + step * greatest(length(part) - 4, 0) / 3, 4)))
    from generate_series(0, 3) step;
  end;
