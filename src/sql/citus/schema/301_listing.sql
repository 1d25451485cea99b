-- Makes a listing on Citus from the view <list>_row: a table that is distributed as `source` is, so that a row lies with what it is
-- made from and the workers fill it. Its indexes are those of the orders, and one inverted index of words and grams, in
-- every shard.
create procedure listing_make_shards(list text, source text) language plpgsql as $$
declare
  ordered record;
begin
  -- Grams find a part of any text: to look it up in a dictionary takes a second level.
  update listing_column set matching = 'grams'
  where listing_column.list = listing_make_shards.list and filter = 'contains';

  execute format('create table %1$I as select * from %1$s_row with no data', list);
  execute format('alter table %1$I alter id set not null, add constraint %1$s_pkey primary key (id)', list);
  perform create_distributed_table(list, 'id', colocate_with => source);
  execute format('insert into %1$I select * from %1$s_row', list);

  for ordered in
    select name, (select string_agg(quote_ident(key), ', ') from unnest(columns) key) as keys
    from listing_order
    where listing_order.list = listing_make_shards.list and is_sort
    order by number
  loop
    execute format('create index %1$s_%2$s_idx on %1$I (%3$s, id)', list, ordered.name, ordered.keys);
  end loop;
  execute format('create index %1$s_find_idx on %1$I using gin (document%2$s)', list,
    (select string_agg(format(', listing_grams(%I)', name), '' order by position)
      from listing_column where listing_column.list = listing_make_shards.list and matching = 'grams'));
end $$;

-- Makes `<list>_refresh(ids)`, which makes the rows of some ids anew. There are no triggers: what changes the tables calls it,
-- in the changing transaction. It locks each row, then reads: the statement after a lock sees what the transaction that
-- held it has committed. A statement is about one id, since Citus locks and writes one shard at a time.
create procedure listing_make_shard_refresh(list text) language plpgsql as $$
declare
  columns constant text := (select string_agg(quote_ident(name), ', ' order by position)
    from listing_column where listing_column.list = listing_make_shard_refresh.list);
  new_columns constant text := (select string_agg(format('excluded.%I', name), ', ' order by position)
    from listing_column where listing_column.list = listing_make_shard_refresh.list);
begin
  execute format($sql$
    create function %1$s_refresh(ids bigint[]) returns void language plpgsql as $function$
    declare
      key bigint;
    begin
      foreach key in array ids loop
        perform 1 from %1$I listed where listed.id = key for update;
        insert into %1$I as listed
        select * from %1$s_row fresh where fresh.id = key
        on conflict (id) do update set (%2$s, document) = (%3$s, excluded.document);
        if not found then
          delete from %1$I where id = key;
        end if;
      end loop;
    end $function$;

    -- No cache is told of changes: there is no snapshot over all shards.
    create function %1$s_changes_made(made_in xid8 default null) returns text language sql immutable return '[]';
  $sql$, list, columns, new_columns);
end $$;
