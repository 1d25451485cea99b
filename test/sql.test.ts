import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readList } from '../src/contract/list.ts';
import { parameters, sorts, textFilters } from '../src/contract/parameters.ts';
import { countText, listText } from '../src/naive/queries.ts';
import type { Position } from '../src/optimized/cursor.ts';
import { statements } from '../src/optimized/list.ts';
import { count } from '../src/optimized/statements.ts';
import type { Sql } from '../src/server/database.ts';
import { copyOf, type Kind } from './cluster.ts';
import { fewExpected, nothingKnown, shareExpected } from './optimized/room.ts';
import { useConnection } from './rooms.ts';

const folder = join(import.meta.dir, '..', 'src', 'sql');
const filesOf = (kind: Kind) => readdirSync(join(folder, kind)).filter((file) => file.endsWith('.sql'));

/** PostgreSQL parses and plans the statement: every name, type and cast in it is right. */
async function prepares(sql: Sql, text: string): Promise<void> {
  await sql.unsafe(`prepare one as ${text}`);
  await sql.unsafe('deallocate one');
}

const ordering = ['ascending', 'descending'];
const every = sorts.flatMap((sort) => ordering.map((direction) => [sort, direction] as const));

describe('naive', () => {
  const sql = useConnection(() => copyOf('naive'));
  test.each(filesOf('naive'))('%s prepares', (file) =>
    prepares(sql(), readFileSync(join(folder, 'naive', file), 'utf8')),
  );
  test.each(every)('the list by %s, %s, prepares', (sort, direction) =>
    prepares(sql(), listText(sort, direction === 'descending')),
  );
  test('the count prepares', () => prepares(sql(), countText));
});

/** Every filter with a value that leads to its most elaborate condition. */
const values: Record<string, string> = {
  ...Object.fromEntries(textFilters.map((name) => [name, 'abc_%'])),
  ...{ gender: 'male', has_address: 'true', min_points: '5', max_points: '2147483648' },
  ...{ birthday_after: '2000-01-01', birthday_before: '2000-01-01' },
  ...Object.fromEntries(
    Object.keys(parameters)
      .filter((name) => /^(created|last_updated|active)_/.test(name))
      .map((name) => [name, '2024-01-01T00:00:00Z']),
  ),
};
const searches = ['anna', 'anna 12345 & <b>', '&', '49', 'anna 49', '2024-01-01', '"a b" or -c', '-c'];
const queries = [
  '',
  ...Object.entries(values).map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
  ...[
    'has_address=false',
    'customer_id=a',
    'phone_number=1',
    'customer_id=1e3',
    'phone_number=491',
    'phone_number=49170123456',
    'first_name=anna&active_before=2024-01-01',
    'last_updated_before=2024-01-01&phone_number=1',
  ],
  ...searches.map((search) => `search=${encodeURIComponent(search)}`),
  new URLSearchParams({ ...values, search: searches[1]! }).toString(),
];

const key: Record<string, (string | number)[]> = {
  full_name: ['Anna', 'Smith'],
  points: [5],
  relevance: ['0.6079271'],
};
const times = ['created', 'last_activity', 'last_updated'];
const nullable = ['city', 'country', 'points', 'last_activity'];

/** The beginning, and places on both sides, with and without a value. */
function positions(sort: string): (Position | null)[] {
  const there = key[sort] ?? [times.includes(sort) ? '2024-01-01T00:00:00.000001Z' : 'Anna'];
  const keys = nullable.includes(sort) ? [there, [null]] : [there];
  const flags = [true, false].flatMap((backwards) =>
    [true, false].map((inclusive) => ({ backwards, inclusive })),
  );
  return [null, ...keys.flatMap((one) => flags.map((flag) => ({ key: one, id: 7, ...flag })))];
}

// Which statements a list takes depends on what the server believes of its data.
const common = ['anna', 'abc_%', 'male', '2000', '2024-01-01', '00000001'];
const beliefs = [
  nothingKnown,
  fewExpected,
  shareExpected(0.01, 1_000_000, common),
  shareExpected(0.0001, 1_000_000, common),
  {
    ...shareExpected(0.0001, 1_000_000, common),
    seen: { since: '700', recent: 0, partial: new Set<string>() },
  },
];

describe('optimized', () => {
  const sql = useConnection(() => copyOf('optimized'));
  const files = filesOf('optimized').map((file) => ({
    file,
    text: readFileSync(join(folder, 'optimized', file), 'utf8'),
  }));
  test.each(files)('$file prepares as it stands', ({ text }) => prepares(sql(), text));

  const composed = new Set<string>();
  test.each(every)('every statement of a list by %s, %s, prepares', async (sort, direction) => {
    const texts = new Set<string>();
    for (const query of sort === 'relevance' ? queries.filter((one) => one.includes('search=')) : queries) {
      const request = readList(`/?${query}&sort_by=${sort}&ordering=${direction}`, {
        cursors: true,
        count: 'exact',
      });
      for (const statistics of beliefs) {
        texts.add(count(request, statistics).text);
        for (const position of positions(sort)) {
          for (const rows of [2, 21]) {
            const window = { rows, skip: 0, position };
            for (const { text } of statements(request, window, statistics)) texts.add(text);
          }
        }
      }
    }
    for (const text of texts) {
      expect(text).not.toMatch(/undefined|\[object|\/\*end/);
      await prepares(sql(), text);
      for (const { file, text: template } of templates) {
        if (text.includes(template.split('\n')[0]!)) composed.add(file);
      }
    }
  });

  const templates = files.filter(({ text }) => text.includes('/*end*/'));
  test('every file with parts to be filled in was among them', () => {
    expect(templates.length).toBeGreaterThan(3);
    expect([...composed].toSorted()).toEqual(templates.map(({ file }) => file).toSorted());
  });
});
