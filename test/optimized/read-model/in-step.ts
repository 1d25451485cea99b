import { expect } from 'bun:test';
import type { Sql } from '../../../src/server/database.ts';

/** Checks that the listing is the same as a newly filled one, and that its dictionary and zone map have every row. */
export async function expectInStep(sql: Sql): Promise<void> {
  const [found] = await sql`
    with lost as (select * from customer_list_row except all select * from customer_list),
      outdated as (select * from customer_list except all select * from customer_list_row)
    select (select json_agg(lost.id) from lost) as lost, (select json_agg(outdated.id) from outdated) as outdated,
      (select count(*) from customer) - (select count(*) from customer_list) as missing`;
  expect({ ...found }).toEqual({ lost: null, outdated: null, missing: 0 });

  const columns = await sql<{ name: string }[]>`
    select name from listing_column where list = 'customer_list' and matching = 'values'`;
  expect(columns.length).toBeGreaterThan(0);
  const unknown = await sql.unsafe(
    columns
      .map(
        ({ name }) => `select '${name}' as name, ${name}::text as value from customer_list
          where ${name} is not null and not exists (
            select from customer_list_value where column_name = '${name}' and value = ${name})`,
      )
      .join(' union all '),
  );
  expect([...unknown]).toEqual([]);

  const zoned = await sql<{ name: string; tag: string }[]>`
    select name, listing_zone_tag(list, name, type, filter) as tag
    from listing_column where list = 'customer_list' and zoned <> '{}'`;
  const ordered = await sql<
    { name: string; type: string }[]
  >`select * from listing_zone_columns('customer_list')`;
  const within = ordered.map(
    ({ name, type }) =>
      `(listed.${name} is null or zone.${name} @> listed.${name}${type === 'integer' ? '::bigint' : ''})`,
  );
  if (zoned.length === 0) return;
  const outside = await sql.unsafe(
    zoned
      .map(
        ({
          name,
          tag,
        }) => `select '${name}' as name, id from (select *, ${tag} as tag from customer_list) listed
          where not exists (
            select from customer_list_zone zone where zone.tag = listed.tag and ${within.join(' and ')})`,
      )
      .join(' union all '),
  );
  expect([...outside]).toEqual([]);
}

/** Gives every column that can have zones those of all orders, whatever its rows are. */
export async function zoneEverything(sql: Sql): Promise<void> {
  await sql.unsafe(`
    update listing_column
    set zoned = array(select first.name from listing_first_columns(list) first where first.name <> listing_column.name)
    where filter in ('range', 'equals') or matching = 'values';
    call listing_make_zones('customer_list');
    call listing_make_refresh('customer_list');`);
}
