import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Sql } from '../../../src/server/database.ts';
import { seededOnly, within } from '../../cluster.ts';
import { withRoom } from '../../rooms.ts';
import { choices } from '../choices.ts';
import { openOptimized } from '../room.ts';

setDefaultTimeout(60_000);

// Building the listing measures whether substrings of a column are found by a dictionary of its values or by grams.

/** Measures the present rows, and rebuilds the rest. */
async function measure(sql: Sql): Promise<void> {
  await sql`drop table customer_list_value`;
  await sql`call listing_measure('customer_list')`;
  await sql`call listing_rebuild('customer_list')`;
}

describe('substrings', () => {
  test('are found by grams if few rows share each value, even if a small sample shows few values', async () => {
    const copy = await seededOnly('optimized', 3_000);
    await within(copy.name, async (sql) => {
      // One row in five has a unique last name, the others share eighty; a fifth of the first names are the same.
      await sql`
        update customer_list set last_name = 'Name ' || case when id % 5 = 0 then id else 10000 + id % 100 end,
          first_name = case when id % 5 = 0 then 'Frequent' else 'Name ' || id end`;
      await sql`set default_statistics_target = 1`;
      await sql`analyze customer_list`;
      const [estimated] = await sql`
        select case when n_distinct < 0 then -n_distinct * 3000 else n_distinct end as different
        from pg_stats where tablename = 'customer_list' and attname = 'last_name'`;
      expect(estimated!.different).toBeLessThan(300);
      await measure(sql);
      const found =
        await sql`select name, matching from listing_column where filter = 'contains' order by name`;
      expect(Object.fromEntries(found.map(({ name, matching }) => [name, matching]))).toMatchObject({
        ...{ country: 'values', first_name: 'values', last_name: 'grams', customer_id: 'grams' },
      });
      const [kept] = await sql`select count(*) from customer_list_value where column_name = 'last_name'`;
      expect(kept!.count).toBe(0);
    });
    await copy.drop();
  });

  test('in a table with few rows are found by a dictionary of values', async () => {
    const copy = await seededOnly('optimized', 900);
    await within(copy.name, async (sql) => {
      const found = await sql`select distinct matching from listing_column where filter = 'contains'`;
      expect(found.map(({ matching }) => matching)).toEqual(['values']);
    });
    await copy.drop();
  });

  test('may be found by grams even if a list selects rows without a value, because the buckets have those', async () => {
    const copy = await seededOnly('optimized', 3_000);
    await within(copy.name, async (sql) => {
      await sql`update customer_list set country = country || id`;
      await measure(sql);
    });
    const query = 'has_address=false&sort_by=points&page_size=100';
    const choose = choices['asking the inverted index at once'];
    await withRoom(
      (options) => openOptimized({ ...options, cache: 'off', choose }),
      { on: copy },
      async (room) => {
        const answer = await room.ask(`/api/v1/customers?${query}`);
        expect(answer.headers.get('server-timing')).toContain('collect');
        const expected = await room.sql<{ id: number }[]>`
          select id from customer_list where country is null order by points desc nulls last, id desc limit 100`;
        const { results } = (await answer.json()) as { results: { id: number }[] };
        expect(results.map(({ id }) => id)).toEqual(expected.map(({ id }) => Number(id)));
        expect(results).toHaveLength(100);
      },
    );
    await copy.drop();
  });
});
