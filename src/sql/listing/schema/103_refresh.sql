-- Makes `<list>_refresh(ids)`, which makes the rows of some ids anew from <list>_row. It locks them, then reads: the
-- statement after a lock sees what the transaction that held it has committed, so that of two changes to one row none is
-- lost, whichever comes last. The listing's own `<list>_lock(ids)` locks what else a row is made from. A write that
-- changes several tables holds this until all are changed, so that a row is made once.
create procedure listing_make_refresh(list text) language plpgsql as $$
declare
  columns constant text := (select string_agg(quote_ident(name), ', ' order by position)
    from listing_column where listing_column.list = listing_make_refresh.list);
  new_columns constant text := (select string_agg(format('excluded.%I', name), ', ' order by position)
    from listing_column where listing_column.list = listing_make_refresh.list);
  kept constant text := (select string_agg(format('(%1$L, listed.%1$I)', name), ', ' order by position)
    from listing_column where listing_column.list = listing_make_refresh.list and matching = 'values');
begin
  -- `$1` instead of `ids`, and `listed.*` instead of `listed`: a column may have that name.
  -- For many ids the plan for one is the wrong one; to plan anew each time takes longer than to change one row.
  execute format($sql$
    create or replace function %1$s_refresh(ids bigint[]) returns void language plpgsql
    set plan_cache_mode = force_generic_plan as $function$
    begin
      if current_setting('listing.held', true) = 'yes' then return; end if;
      if cardinality($1) > 100 then
        set local plan_cache_mode = force_custom_plan;
      end if;
      perform %1$s_lock($1);
      perform from %1$I listed where listed.id = any($1) order by listed.id for update;
      insert into %1$I as listed
      select * from %1$s_row fresh where fresh.id = any($1)
      on conflict (id) do update set (%2$s, document) = (%3$s, excluded.document)
      where listed.* is distinct from excluded.*;
      -- `offset 0` looks each value up, where a join would read all of them.
      insert into %1$s_value (column_name, value)
      select distinct kept.column_name, kept.value
      from %1$I listed
      cross join lateral (values %4$s) kept (column_name, value)
      where listed.id = any($1) and kept.value is not null and not exists (
        select from %1$s_value known
        where known.column_name = kept.column_name and known.value = kept.value
        offset 0)
      order by kept.column_name, kept.value
      on conflict do nothing;
      %5$s
    end $function$
  $sql$, list, columns, new_columns, coalesce(kept, '(null::text, null::text)'), listing_widening(list));
end $$;

-- Makes a listing follow the table whose rows its ids are of, inside of the changing transaction, also where it is changed by
-- hand: then even an id can change, and what had it before is gone.
create procedure listing_follow(list text, source text) language plpgsql as $$
begin
  execute format($sql$
    create function %2$s_changed() returns trigger language plpgsql as $function$
    begin
      perform %1$s_refresh(array(select id from changed));
      return null;
    end $function$;

    create function %2$s_updated() returns trigger language plpgsql as $function$
    begin
      delete from %1$I where id in (select id from was) and id not in (select id from changed);
      perform %1$s_refresh(array(select id from changed));
      return null;
    end $function$;

    create function %2$s_deleted() returns trigger language plpgsql as $function$
    begin
      delete from %1$I where id in (select id from changed);
      return null;
    end $function$;

    create function %2$s_truncated() returns trigger language plpgsql as $function$
    begin
      truncate %1$I;
      return null;
    end $function$;

    create trigger %2$s_inserted after insert on %2$I
      referencing new table as changed for each statement execute function %2$s_changed();
    create trigger %2$s_updated after update on %2$I
      referencing old table as was new table as changed for each statement execute function %2$s_updated();
    create trigger %2$s_deleted after delete on %2$I
      referencing old table as changed for each statement execute function %2$s_deleted();
    create trigger %2$s_truncated after truncate on %2$I
      for each statement execute function %2$s_truncated();
  $sql$, list, source);
end $$;
