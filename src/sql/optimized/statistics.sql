-- What the last analyze knows of each column: common values and words with their shares, the bounds of equal parts
-- of the rest; and how many customers there are. It guides the choice of a statement and nothing else.
select pg_stats.attname as column, greatest(reltuples, 0)::float8 as total,
  to_json(most_common_vals::text::text[]) as values, to_json(most_common_freqs) as shares,
  case when attname in ('birthday', 'created', 'last_updated', 'last_activity', 'points')
    then to_json(histogram_bounds::text::text[]) end as bounds,
  to_json(most_common_elems::text::text[]) as words,
  to_json(most_common_elem_freqs) as word_shares
from pg_class
left join pg_stats on pg_stats.tablename = pg_class.relname and pg_stats.schemaname = 'public'
  and pg_stats.attname not in ('body', 'id')
where pg_class.oid = 'customer_list'::regclass
