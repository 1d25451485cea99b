import { describe, expect, test } from 'bun:test';
import { readList } from '../../../src/contract/list.ts';
import { customers as listing } from '../../../src/optimized/columns.ts';
import { encodeCursor, type Position } from '../../../src/optimized/listing/cursor.ts';
import { listName } from '../../../src/optimized/listing/pages.ts';
import { insertPeople } from '../../contract/people.ts';
import { expectProblem } from '../../contract/problems.ts';
import { customers, type Page, useRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';

describe('a cursor with the right checksum', () => {
  const room = useRoom(openOptimized, { fill: insertPeople });
  const ask = (query: string, key: Position['key']) => {
    const list = listName(listing, readList(`http://a/?${query}`, { cursors: true, count: 'none' }));
    const cursor = encodeCursor(list, { key, id: 1, backwards: false, inclusive: false });
    return room().ask(`${customers}?${query}&cursor=${cursor}`);
  };

  test.each<[query: string, value: string]>([
    ['sort_by=created', ' BC'],
    ['sort_by=created', 'x infinity'],
    ['sort_by=last_activity', '99999-99-99 BC'],
    ['sort_by=last_activity', '2024-02-30'],
    ['sort_by=relevance&search=a', '1e999'],
    ['sort_by=relevance&search=a', '1e-999'],
    ['sort_by=relevance&search=a', '9'.repeat(500)],
  ])('is refused if PostgreSQL cannot read its value: %s, %s', async (query, value) => {
    const { errors } = await expectProblem(await ask(query, [value]), 422);
    expect(errors).toMatchObject([{ parameter: 'cursor' }]);
  });

  test('leads to a page from any other position', async () => {
    expect((await ask('sort_by=created', ['2024-01-01T00:00:00.000000Z'])).status).toBe(200);
    expect((await ask('sort_by=first_name', ["'; drop table customer; --"])).status).toBe(200);
  });
});

test('a list continues after times that the contract excludes', async () => {
  // Written by SQL, past the server: a cache would still have the previous pages for a moment.
  const room = await openOptimized({ fill: insertPeople, cache: 'off' });
  try {
    for (const time of ['infinity', '-infinity', '0044-03-15 12:00:00.5 BC', '12024-01-01']) {
      await room.sql`update customer_relationship set last_activity = ${time}`;
      const ids: number[] = [];
      for (let next: string | null = 'sort_by=last_activity&page_size=1'; next; ) {
        const page: Page = await room.list(next);
        ids.push(...page.results.map(({ id }) => id));
        next = page.next;
      }
      expect({ time, ids }).toEqual({ time, ids: [3, 2, 1, 4] });
    }
  } finally {
    await room.close();
  }
});
