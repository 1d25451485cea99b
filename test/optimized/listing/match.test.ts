import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { random } from '../../../bench/generate/random.ts';
import { searchValue } from '../../../bench/generate/values.ts';
import { requests } from '../../../bench/requests.ts';
import { readVocabulary } from '../../../bench/vocabulary.ts';
import { readList } from '../../../src/contract/list.ts';
import { sorts } from '../../../src/contract/parameters.ts';
import { readChanges } from '../../../src/optimized/cache/change.ts';
import { customers as listing } from '../../../src/optimized/columns.ts';
import { judgeAll, predicates, type Verdict, type Version } from '../../../src/optimized/listing/match.ts';
import { compare, placeOf } from '../../../src/optimized/listing/rows.ts';
import type { Sql } from '../../../src/server/database.ts';
import { insertCrowd } from '../../contract/crowd.ts';
import { customers, useRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';

setDefaultTimeout(60_000);

// Compares the judgement of a row in memory with that of PostgreSQL.

/** Every customer as a change would show it. */
async function versions(sql: Sql): Promise<Version[]> {
  await sql`truncate customer_list_change`;
  // Few at once, because a change of many rows does not name each of them.
  for (let from = 0; from < 100; from += 20)
    await sql`update customer set last_updated = last_updated + interval '1 microsecond' where id between ${from + 1} and ${from + 20}`;
  const [row] = await sql<{ all: string }[]>`
    select '[' || string_agg(concat('[', id, ',', xid, ',', change, ']'), ',') || ']' as all from customer_list_change`;
  return readChanges(listing, row!.all).map(({ after }) => after!);
}

/** The verdict on a row: it passes, it does not, or that cannot be known. */
const verdictOn = (row: Version, request: Parameters<typeof predicates>[1]): Verdict =>
  judgeAll([...predicates(listing, request, () => null).values()], row);

describe('a row in memory', () => {
  const room = useRoom((options) => openOptimized({ ...options, cache: 'off' }), { fill: insertCrowd });

  test('is judged to pass exactly the filters that it passes', async () => {
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
      const request = readList(`http://a${path}`, { cursors: true, count: 'none' });
      const url = new URL(path, 'http://customers.test');
      for (const name of ['page', 'cursor', 'count']) url.searchParams.delete(name);
      url.searchParams.set('page_size', '100');
      const { results, next } = await room().list(`${customers}${url.search}`.slice(customers.length + 1));
      expect(next).toBeNull();
      const found = new Set(results.map(({ id }) => id));
      const wrong = everybody.filter((version) => {
        const verdict = verdictOn(version, request);
        verdicts[`${verdict}`] += 1;
        return verdict !== null && verdict !== found.has(version.values[0] as number);
      });
      expect([path, wrong]).toEqual([path, []]);
    }
    console.log(`Passes, does not, cannot be known: ${Object.values(verdicts).join(', ')}.`);
    expect(verdicts.true).toBeGreaterThan(1000);
    expect(verdicts.null).toBeLessThan(0.4 * (verdicts.true + verdicts.false));
  }, 120_000);

  test('is sorted to where PostgreSQL sorts it, in every order', async () => {
    const everybody = await versions(room().sql);
    for (const sort of sorts) {
      if (sort === 'relevance') continue;
      for (const descending of [false, true]) {
        const query = `sort_by=${sort}&ordering=${descending ? 'descending' : 'ascending'}&page_size=100`;
        const { results } = await room().list(query);
        const place = ({ values }: Version) => placeOf(listing.orders[sort]!, values);
        const sorted = everybody.toSorted((a, b) => compare(place(a), place(b), descending));
        expect([query, sorted.map(({ values }) => values[0])]).toEqual([query, results.map(({ id }) => id)]);
      }
    }
  });
});
