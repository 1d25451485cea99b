import { expect } from 'bun:test';
import type { Sql } from '../../src/server/database.ts';

/** Checks that the read model is what it would be if it were filled anew, and knows every value to look for. */
export async function expectInStep(sql: Sql): Promise<void> {
  const [found] = await sql`
    with lost as (select * from customer_list_source except all select * from customer_list),
      outdated as (select * from customer_list except all select * from customer_list_source)
    select (select json_agg(lost.id) from lost) as lost, (select json_agg(outdated.id) from outdated) as outdated,
      (select count(*) from customer) - (select count(*) from customer_list) as missing`;
  expect({ ...found }).toEqual({ lost: null, outdated: null, missing: 0 });

  const unknown = await sql`
    select tag.kind, tag.value from customer_list_tag tag
    where not exists (select from list_tag known where known.kind = tag.kind and known.value = tag.value)
    union all
    select kind, value from list_tag where folded <> lower(value)`;
  expect([...unknown]).toEqual([]);
}
