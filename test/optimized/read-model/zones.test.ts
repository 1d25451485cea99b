import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Sql } from '../../../src/server/database.ts';
import { seededOnly, within } from '../../cluster.ts';
import { expectInStep } from './in-step.ts';

setDefaultTimeout(60_000);

// Writes never leave a row outside the zone map, and open no more of it than necessary.

const create = (sql: Sql, active: string) =>
  sql`select create_customer('New', 'One', null, null, null, null, false, null, null, null, null, null, true, 1, ${active})`;

/** For the tags of customers active before a day: the number of segments of their creation, and whether these have `day`. */
const segmentsOf = async (sql: Sql, activeBefore: string, day: string) => {
  const [row] = await sql`
    select sum((select count(*) from unnest(created)))::int as segments, bool_or(created @> ${day}::timestamptz) as has_day,
      bool_and(upper_inf(created)) as is_open
    from customer_list_zone
    where tag in (select distinct 1000 * (select number from listing_order where name = 'last_activity')
        + customer_list_quantile_last_activity(last_activity, 0)
      from customer_list where last_activity < ${activeBefore})`;
  return { ...row };
};

describe('the zone map', () => {
  // Many customers have no points, and one country has a fifth of the customers; neither is a correlation.
  test.each([
    ['default', ['created', 'last_activity', 'last_updated']],
    ['uniform', []],
  ] as const)(
    'of %s customers has the columns with ranges that correlate with another one: %j',
    async (data, columns) => {
      const copy = await seededOnly('optimized', 3_000, data);
      await within(copy.name, async (sql) => {
        const found =
          await sql`select name from listing_column where zoned <> '{}' and filter = 'range' order by name`;
        expect(found.map(({ name }) => name)).toEqual([...columns]);
      });
      await copy.drop();
    },
  );

  test('gets one more segment for rows that are far away, and does not open the range between', async () => {
    const copy = await seededOnly('optimized', 3_000);
    await within(copy.name, async (sql) => {
      const [old] = await sql<{ day: string; middle: string }[]>`
        select percentile_disc(0.02) within group (order by last_activity) as day,
          (select percentile_disc(0.5) within group (order by created) from customer_list) as middle
        from customer_list`;
      const { day, middle } = old!;
      const before = await segmentsOf(sql, day, middle);
      expect(before).toMatchObject({ has_day: false, is_open: false });
      const active = await sql<{ time: string }[]>`
        select last_activity as time from customer_list where last_activity < ${day}`;
      for (const { time } of active) await create(sql, time);
      const after = await segmentsOf(sql, day, middle);
      expect(after).toEqual({ segments: 2 * (before.segments as number), has_day: false, is_open: true });
      await expectInStep(sql);
      // A rebuilt map has no trace of them.
      await sql`delete from customer where first_name = 'New' and last_name = 'One'`;
      expect(await segmentsOf(sql, day, middle)).toEqual(after);
      await sql`call listing_make_zones('customer_list')`;
      expect(await segmentsOf(sql, day, middle)).toEqual(before);
      await expectInStep(sql);
    });
    await copy.drop();
  });

  test('is widened by buckets: once by a row in a bucket, and not by the next row in the same bucket', async () => {
    const copy = await seededOnly('optimized', 3_000);
    await within(copy.name, async (sql) => {
      const [first] = await sql<{ active: string; middle: string }[]>`
        select min(last_activity) as active, percentile_disc(0.5) within group (order by created) as middle
        from customer_list`;
      const { active, middle } = first!;
      /** Creates a customer with this time of creation, and returns how many tags of the map that has changed. */
      const changed = async (created: string) => {
        const [{ snapshot }] = (await sql`select pg_current_snapshot()::text as snapshot`) as [
          { snapshot: string },
        ];
        await create(sql, active);
        await sql`update customer set created = ${created} where id = (select max(id) from customer)`;
        const [{ tags }] = (await sql`
          select count(*)::int as tags from customer_list_zone
          where not pg_visible_in_snapshot(xmin::text::xid8, ${snapshot}::pg_snapshot)`) as [
          { tags: number },
        ];
        return tags;
      };
      expect(await changed(middle)).toBeGreaterThan(0);
      expect(await changed(middle)).toBe(0);
      await expectInStep(sql);
    });
    await copy.drop();
  });
});
