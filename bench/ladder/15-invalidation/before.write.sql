-- The message after every write: anything may have changed.
insert into customer_list_change (change)
values (null)
