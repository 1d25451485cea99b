import { describe, expect, test } from 'bun:test';
import { readList } from '../../../src/contract/list.ts';
import { customers as listing, render } from '../../../src/optimized/columns.ts';
import { listName, windowOf } from '../../../src/optimized/listing/pages.ts';
import type { paths } from '../../../src/optimized/listing/paths.ts';
import { plan } from '../../../src/optimized/listing/read.ts';
import { newReader } from '../../../src/optimized/listing/reader.ts';
import { openRepeats } from '../../../src/optimized/listing/repeats.ts';

/** The statement texts of a list by access paths with this budget and limit. */
function textsOf(query: string, budget: number, limit: number): string[] {
  const request = readList(`http://list/api/v1/customers?${query}`, { cursors: true, count: 'none' });
  const window = windowOf(listing, listName(listing, request), request);
  const choose: typeof paths = ({ conditions, keys }) => [
    { name: 'walk', budget, keys },
    { name: 'walk', budget },
    { name: 'walk', budget, reachesNulls: true },
    { name: 'collect', found: [...conditions], byBucket: true, budget, limit },
    { name: 'collect', found: [...conditions], byBucket: false, budget: null, limit },
    { name: 'scan', narrowed: null },
  ];
  return [...plan({ ...newReader(listing, render), choose }, request, window)].map(({ text }) => text);
}

describe('the text of a statement', () => {
  test.each([
    ['first_name=anna&sort_by=points', 'first_name=X&sort_by=points'],
    ['city=anna&gender=male&sort_by=city', 'city=X&gender=female&sort_by=city'],
    ['city=bonn&page=3&page_size=7', 'city=%27%3B&page=9&page_size=50'],
    ['min_points=3&created_before=2026-01-01', 'min_points=99&created_before=2020-02-02T02:02:02.123456Z'],
    ['search=anna 17', 'search=bob 4711'],
  ])('is the same for all values, budgets and limits: %s', (one, other) => {
    expect(textsOf(one, 1_000, 100_000)).toEqual(textsOf(other, 20_000, 700_000));
  });
});

describe('a statement text', () => {
  test('is prepared when it is repeated', () => {
    const repeats = openRepeats();
    expect([repeats('select 1'), repeats('select 2'), repeats('select 1'), repeats('select 1')]).toEqual([
      ...[false, false, true, true],
    ]);
  });

  test('is not prepared when it is repeated after thousands of others', () => {
    const repeats = openRepeats();
    repeats('select 1');
    for (let i = 0; i < 5_000; i++) repeats(`select ${i} as other`);
    expect(repeats('select 1')).toBe(false);
  });
});
