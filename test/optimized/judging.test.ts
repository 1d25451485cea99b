import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { random } from '../../bench/generate/random.ts';
import { searchValue } from '../../bench/generate/values.ts';
import { requests } from '../../bench/requests.ts';
import { readVocabulary } from '../../bench/vocabulary.ts';
import { readList } from '../../src/contract/list.ts';
import { sorts } from '../../src/contract/parameters.ts';
import { readChanges, type Version } from '../../src/optimized/cache/change.ts';
import { matches } from '../../src/optimized/cache/matching.ts';
import { compare, keyOf } from '../../src/optimized/places.ts';
import type { Sql } from '../../src/server/database.ts';
import { insertCrowd } from '../contract/crowd.ts';
import { customers, useRoom } from '../rooms.ts';
import { openOptimized } from './room.ts';

setDefaultTimeout(60_000);

// What the cache believes of a customer at hand, against what PostgreSQL does with it.

/** Every customer as a change would show it. */
async function versions(sql: Sql): Promise<Version[]> {
  const [row] = await sql<{ all: string }[]>`
    select '[' || string_agg(concat('[', id, ',1,', change_text(null, list), ']'), ',') || ']' as all
    from customer_list list`;
  return readChanges(row!.all).map(({ after }) => after!);
}

describe('a customer at hand', () => {
  const room = useRoom((options) => openOptimized({ ...options, cache: 'off' }), { fill: insertCrowd });

  test('is said to pass exactly the filters that it passes', async () => {
    const everybody = await versions(room().sql);
    const vocabulary = await readVocabulary('http://customers.test', 300, ({ url }) => room().ask(url));
    const verdicts = { true: 0, false: 0, null: 0 };
    const draw = random(7);
    const searches = Array.from({ length: 400 }, () => searchValue(draw, draw.pick(vocabulary)));
    const paths = searches.map((text) => `${customers}?search=${encodeURIComponent(text)}`);
    for (const { path, status } of requests(5, vocabulary)) {
      if (paths.length >= 1000) break;
      if (status === 200) paths.push(path);
    }
    for (const path of paths) {
      const request = readList(path, { cursors: true, count: 'none' });
      const url = new URL(path, 'http://customers.test');
      for (const name of ['page', 'cursor', 'count']) url.searchParams.delete(name);
      url.searchParams.set('page_size', '100');
      const { results, next } = await room().list(`${customers}${url.search}`.slice(customers.length + 1));
      expect(next).toBeNull();
      const found = new Set(results.map(({ id }) => id));
      const wrong = everybody.filter((version) => {
        const verdict = matches(version, request);
        verdicts[`${verdict}`] += 1;
        return verdict !== null && verdict !== found.has(version.customer.id);
      });
      expect([path, wrong]).toEqual([path, []]);
    }
    console.log(`Passes, does not, cannot be known: ${Object.values(verdicts).join(', ')}.`);
    expect(verdicts.true).toBeGreaterThan(1000);
    expect(verdicts.null).toBeLessThan(0.4 * (verdicts.true + verdicts.false));
  });

  test('is put where PostgreSQL puts it, in every order', async () => {
    const everybody = (await versions(room().sql)).map(({ customer }) => customer);
    for (const sort of sorts) {
      if (sort === 'relevance') continue;
      for (const descending of [false, true]) {
        const query = `sort_by=${sort}&ordering=${descending ? 'descending' : 'ascending'}&page_size=100`;
        const { results } = await room().list(query);
        const place = (customer: (typeof everybody)[number]) => ({
          key: keyOf(customer, sort),
          id: customer.id,
        });
        const sorted = everybody.toSorted((a, b) => compare(place(a), place(b), descending));
        expect([query, sorted.map(({ id }) => id)]).toEqual([query, results.map(({ id }) => id)]);
      }
    }
  });
});
