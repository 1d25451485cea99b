-- What every listing is made of. A listing is a flat table, one row for each thing that is listed, with every column that
-- a list filters or sorts by and the weighted text vector of its search. The tables it is made from stay the truth; the
-- view <list>_row says what a row is, and the procedures of 102_build.sql make table, indexes and triggers from it.

-- The columns of a listing, as columns.ts declares them. `filter` is how a list can ask for a value: contains, equals,
-- range or null. `matching` is how the index finds a part of a text: by the list of different values that contain it
-- (values), or, where nearly every row has its own, by the parts themselves (grams). It is measured, not declared.
create table listing_column (
  list text not null,
  position integer not null,
  name text not null,
  type text not null,
  filter text,
  matching text,
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

-- The parts of three characters of a text in lower case, each character beginning one: the last are filled up with line
-- feeds. A part of one or two characters is the beginning of some of them. Spelt out for texts of usual length, which
-- takes half the time of a loop.
create function listing_grams(value text) returns tsvector language plpgsql immutable strict parallel safe as $$
declare
  folded constant text := lower(value) || e'\n\n';
  grams constant integer := length(folded) - 2;
begin
  if grams <= 14 then
    return array_to_tsvector((array[
      substr(folded, 1, 3), substr(folded, 2, 3), substr(folded, 3, 3), substr(folded, 4, 3), substr(folded, 5, 3),
      substr(folded, 6, 3), substr(folded, 7, 3), substr(folded, 8, 3), substr(folded, 9, 3), substr(folded, 10, 3),
      substr(folded, 11, 3), substr(folded, 12, 3), substr(folded, 13, 3), substr(folded, 14, 3)])[1:grams]);
  elsif grams <= 32 then
    return array_to_tsvector((array[
      substr(folded, 1, 3), substr(folded, 2, 3), substr(folded, 3, 3), substr(folded, 4, 3), substr(folded, 5, 3),
      substr(folded, 6, 3), substr(folded, 7, 3), substr(folded, 8, 3), substr(folded, 9, 3), substr(folded, 10, 3),
      substr(folded, 11, 3), substr(folded, 12, 3), substr(folded, 13, 3), substr(folded, 14, 3), substr(folded, 15, 3),
      substr(folded, 16, 3), substr(folded, 17, 3), substr(folded, 18, 3), substr(folded, 19, 3), substr(folded, 20, 3),
      substr(folded, 21, 3), substr(folded, 22, 3), substr(folded, 23, 3), substr(folded, 24, 3), substr(folded, 25, 3),
      substr(folded, 26, 3), substr(folded, 27, 3), substr(folded, 28, 3), substr(folded, 29, 3), substr(folded, 30, 3),
      substr(folded, 31, 3), substr(folded, 32, 3)])[1:grams]);
  end if;
  return array_to_tsvector(array(select substr(folded, place, 3) from generate_series(1, grams) place));
end $$;

-- A column as the index of blocks has it: equal to the column, and unlike it no other index has it.
create function listing_block(name text, type text) returns text language sql immutable
  return format(case type when 'timestamptz' then '(%I at time zone ''UTC'')' else '(%I + 0)' end, name);

-- What the grams of a text that contains `part` must match.
create function listing_grams_query(part text) returns tsquery language sql immutable strict parallel safe
  begin atomic
    select string_agg(format('''%s''%s', replace(replace(gram, '\', '\\'), '''', ''''''),
      case when length(gram) < 3 then ':*' end), ' & ')::tsquery
    from (
      select substr(lower(part), place, 3) as gram from generate_series(1, greatest(length(lower(part)) - 2, 1)) place
    ) part;
  end;
