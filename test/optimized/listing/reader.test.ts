import { expect, setDefaultTimeout, test } from 'bun:test';
import { readList } from '../../../src/contract/list.ts';
import { customers, render } from '../../../src/optimized/columns.ts';
import { listName, windowOf } from '../../../src/optimized/listing/pages.ts';
import { count, estimate, planCount, type Reader, readRows } from '../../../src/optimized/listing/read.ts';
import { openReader } from '../../../src/optimized/listing/reader.ts';
import { runner } from '../../../src/server/database.ts';
import { copyOf, within } from '../../cluster.ts';

setDefaultTimeout(30_000);

test('a sample is read again until there is one, both if the table was missing and if it was empty', async () => {
  const copy = await copyOf('optimized');
  await within(copy.name, async (sql) => {
    await sql`alter table customer_list rename to customer_list_away`;
    const reader = await openReader(sql, customers, render);
    await reader.ready;
    await sql`alter table customer_list_away rename to customer_list`;
    // The next attempt finds an empty table.
    await Bun.sleep(1_500);
    expect(reader.sample().rows).toEqual([]);
    await sql`select create_customer('New', 'One', null, null, null, null, false, null, null, null, null, null, false, 0, null)`;
    for (let tries = 0; reader.sample().rows.length === 0 && tries < 100; tries++) await Bun.sleep(100);
    expect(reader.sample().rows).toHaveLength(1);
    reader.close();
  });
  await copy.drop();
});

test('a list that is expected to take long is queued, or refused if its turn comes too late; others run at once', async () => {
  const copy = await copyOf('optimized');
  await within(copy.name, async (sql) => {
    // Without a row there is no sample, and nothing is expected to take long.
    await sql`select create_customer('New', 'One', null, null, null, null, false, null, null, null, null, null, false, 0, null)`;
    const reader = await openReader(sql, customers, render, 1_000);
    await reader.ready;
    expect(reader.sample().rows).toHaveLength(1);
    const request = readList('http://a/?city=ondo', { cursors: true, count: 'none' });
    const window = windowOf(customers, listName(customers, request), request);
    const read = (cost: number) => {
      const choose: Reader['choose'] = () => [{ name: 'scan', narrowed: null, cost }];
      return readRows(runner(sql), { ...reader, choose }, request, window);
    };
    const { promise: before, resolve: end } = Promise.withResolvers<void>();
    const first = reader.queue(500_000, '', () => before);
    const second = read(300_000);
    await expect(read(300_000)).rejects.toMatchObject({
      status: 503,
      detail: expect.stringContaining('add words or filters'),
    });
    expect(await read(100_000)).toMatchObject({ rows: 0, path: 'scan' });
    expect(await Promise.race([second, Bun.sleep(50)])).toBeUndefined();
    end();
    expect(await second).toMatchObject({ rows: 0, path: 'scan' });
    await first;
    reader.close();
  });
  await copy.drop();
});

test.each(['city=x', 'search=x', 'search=x&sort_by=relevance', 'city=x&sort_by=city', 'has_address=false'])(
  'a list with %s is read and not refused while there is no sample, as from an empty table',
  async (parameters) => {
    const copy = await copyOf('optimized');
    await within(copy.name, async (sql) => {
      const reader = await openReader(sql, customers, render, 1);
      await reader.ready;
      const request = readList(`http://a/?${parameters}`, { cursors: true, count: 'none' });
      const window = windowOf(customers, listName(customers, request), request);
      expect(await readRows(runner(sql), reader, request, window)).toMatchObject({ rows: 0 });
      reader.close();
    });
    await copy.drop();
  },
);

test.each(['exact', 'estimated'])(
  'a count=%s is made and not refused while there is no sample, as for an empty table',
  async (kind) => {
    const copy = await copyOf('optimized');
    await within(copy.name, async (sql) => {
      const reader = await openReader(sql, customers, render, 100);
      await reader.ready;
      const request = readList(`http://a/?count=${kind}`, { cursors: true, count: 'none' });
      const known = estimate(reader, request, windowOf(customers, listName(customers, request), request));
      const planned = await planCount(reader, request, known);
      expect(await count(runner(sql), reader, planned)).toBe(0);
      reader.close();
    });
    await copy.drop();
  },
);
