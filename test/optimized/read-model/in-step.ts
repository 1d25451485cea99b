import { expect } from 'bun:test';
import type { Sql } from '../../../src/server/database.ts';

/** Checks that the listing is what it would be if it were filled anew, and knows every value to look for. */
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
  for (const { name } of columns) {
    const unknown = await sql.unsafe(
      `select ${name} from customer_list where ${name} is not null and not exists (
         select from customer_list_value where column_name = '${name}' and value = ${name} and folded = lower(${name}))`,
    );
    expect([name, [...unknown]]).toEqual([name, []]);
  }
}
