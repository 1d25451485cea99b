import { describe, expect, test } from 'bun:test';
import { sorts } from '../../../src/contract/parameters.ts';
import { useRoom, withRoom } from '../../rooms.ts';
import { choices } from '../choices.ts';
import { openOptimized } from '../room.ts';
import { idsInOrder, idsOf, insertTied, thereAndBack } from '../tied.ts';

const plainSorts = sorts.filter((sort) => sort !== 'relevance');
const every = plainSorts.flatMap((sort) =>
  ['ascending', 'descending'].map((ordering) => [sort, ordering] as const),
);

describe('a walk through 160 customers', () => {
  const walked = useRoom(openOptimized, { fill: (sql) => insertTied(sql, 160) });
  const collected = useRoom(
    (options) => openOptimized({ ...options, choose: choices['asking the inverted index bucket by bucket'] }),
    {
      fill: (sql) => insertTied(sql, 160),
    },
  );

  test.each(every)('by %s, %s, finds every customer once, forwards and backwards', async (sort, ordering) => {
    const expected = await idsInOrder(walked().sql, sort, ordering);
    for (const size of [7, 50]) {
      const query = `sort_by=${sort}&ordering=${ordering}&page_size=${size}`;
      expect(await thereAndBack(walked(), query)).toEqual([expected, expected]);
    }
  });

  test.each(every)(
    'by %s, %s, with a filter, is the same whichever statement serves it',
    async (sort, ordering) => {
      // With few distinct values: looking up a hundred values in each of the 257 buckets takes seconds.
      const query = `first_name=f&last_name=l1&sort_by=${sort}&ordering=${ordering}&page_size=15`;
      const there = await thereAndBack(walked(), query);
      expect(there[0].length).toBeGreaterThan(50);
      expect(there[1]).toEqual(there[0]);
      expect(await thereAndBack(collected(), query)).toEqual(there);
    },
  );

  test('can change its page size on the way', async () => {
    const expected = await idsInOrder(walked().sql, 'city', 'descending');
    const first = await walked().list('sort_by=city&ordering=descending&page_size=30');
    const second = await walked().list(first.next!.replace('page_size=30', 'page_size=100'));
    expect([...idsOf(first), ...idsOf(second)]).toEqual(expected.slice(0, 130));
  });
});

describe('a walk while others write', () => {
  test.each(every)('by %s, %s, misses no customer who stays, and repeats none', async (sort, ordering) =>
    withRoom(openOptimized, { fill: (sql) => insertTied(sql, 70) }, async (room) => {
      const before = await idsInOrder(room.sql, sort, ordering);
      const seen: number[] = [];
      const deleted = new Set<number>();
      let page = await room.list(`sort_by=${sort}&ordering=${ordering}&page_size=10`);
      for (;;) {
        seen.push(...idsOf(page));
        if (!page.next) break;
        // The last row of this page, after which the next page begins, and a row that is still to come.
        const ahead = before.filter((id) => !seen.includes(id) && !deleted.has(id));
        const gone = [seen.at(-1)!, ...ahead.slice(5, 6)];
        for (const id of gone) {
          deleted.add(id);
          expect((await room.send('DELETE', `/${id}`)).status).toBe(204);
        }
        await room.sql`
          insert into customer (first_name, last_name, customer_id, created)
          select 'F' || n, 'L' || n, md5(random()::text), '2024-01-01' from generate_series(0, 3) n`;
        page = await room.list(page.next);
      }
      expect(new Set(seen).size).toBe(seen.length);
      const stayed = new Set(before.filter((id) => !deleted.has(id)));
      expect(seen.filter((id) => stayed.has(id))).toEqual([...stayed]);
    }),
  );

  test('goes backwards and forwards over a place whose customers are all deleted', () =>
    withRoom(openOptimized, { fill: (sql) => insertTied(sql, 40) }, async (room) => {
      const query = 'sort_by=points&page_size=10';
      const first = await room.list(query);
      const second = await room.list(first.next!);
      const third = await room.list(second.next!);
      for (const id of [...idsOf(second), ...idsOf(third)]) await room.send('DELETE', `/${id}`);
      const fourth = idsOf(await room.list(third.next!));
      expect(idsOf(await room.list(first.next!))).toEqual(fourth);
      expect(idsOf(await room.list((await room.list(first.next!)).previous!))).toEqual(idsOf(first));
      expect(idsOf(await room.list(third.previous!))).toEqual(idsOf(first));
      for (const id of [...idsOf(first), ...fourth]) await room.send('DELETE', `/${id}`);
      const nothing = { results: [], next: null, previous: null };
      expect(await room.list(query)).toMatchObject(nothing);
      expect((await room.list(third.next!)).results).toEqual([]);
      expect((await room.list(third.previous!)).results).toEqual([]);
    }));
});
