-- The last migration of the tables, and the number and completeness of the read model.
select (select coalesce(max(number), 0) from migration.applied) as tables, read_model.number, read_model.complete
from (values (1)) one
left join migration.read_model on true
