-- Nothing is said after a write: the triggers have said what changed.
select
