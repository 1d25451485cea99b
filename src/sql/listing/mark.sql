-- Begins an epoch of changes, where there is none (103_follow.sql).
insert into {list}_change_mark default values
on conflict do nothing
