-- A sample of rows, each as a line of JSON with the words of its text vector and its disk block, and estimates of the numbers of rows and
-- blocks. Ids are drawn at random, so that rows come from all over the table. $1 rows wanted; if there are at most
-- twice as many, all of them.
with size as (
  select greatest(reltuples, 0)::float8 as rows, relpages as blocks, (select min(id) from {list}) as first,
    (select max(id) from {list}) as last
  from pg_class
  where oid = '{list}'::regclass
), drawn as (
  select distinct size.first + floor(random() * (size.last - size.first + 1))::bigint as id
  from size
  cross join generate_series(1, $1::integer)
  where size.rows > 2 * $1::integer
)
select (select size.rows from size) as total, (select size.blocks from size) as blocks, string_agg(json_build_array({row}::json,
  array_to_json(tsvector_to_array(page.document)), (page.ctid::text::point)[0]::bigint)::text, e'\n') as lines
from (
  select list.*, list.ctid from drawn join {list} list on list.id = drawn.id
  union all
  (select list.*, list.ctid from size join {list} list on size.rows <= 2 * $1::integer limit 2 * $1::integer)
) page
