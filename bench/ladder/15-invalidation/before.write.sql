-- Said after every write: anything may have changed.
insert into customer_change (change)
values (null)
