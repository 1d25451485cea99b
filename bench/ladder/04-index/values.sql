-- One case, without parameters.
select 'newest first' as name, '[]'::json as before, '[]'::json as after
