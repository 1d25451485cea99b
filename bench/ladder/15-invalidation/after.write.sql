-- No message after a write: the triggers have reported what changed.
select
