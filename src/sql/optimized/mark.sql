-- Begins an era of changes, where there is none (106_changes.sql).
insert into customer_change_mark default values
on conflict do nothing
