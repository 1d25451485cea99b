-- Nothing is asked for.
select 'newest first' as name, '[]'::json as before, '[]'::json as after
