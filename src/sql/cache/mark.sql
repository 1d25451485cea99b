-- Begins an epoch of changes if there is none (104_changes.sql).
insert into {list}_change_mark default values
on conflict do nothing
