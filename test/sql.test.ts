import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readList } from '../src/contract/list.ts';
import { parameters, sorts, textFilters } from '../src/contract/parameters.ts';
import { countText, listText } from '../src/naive/queries.ts';
import { customers, render } from '../src/optimized/columns.ts';
import { conditions } from '../src/optimized/listing/conditions.ts';
import type { Position } from '../src/optimized/listing/cursor.ts';
import { plan } from '../src/optimized/listing/read.ts';
import { newReader } from '../src/optimized/listing/reader.ts';
import { count } from '../src/optimized/listing/statements.ts';
import { understand } from '../src/optimized/search/meaning.ts';
import { runner, type Sql } from '../src/server/database.ts';
import { copyOf } from './cluster.ts';
import { choices } from './optimized/choices.ts';
import { useConnection } from './rooms.ts';

const folder = join(import.meta.dir, '..', 'src', 'sql');
const filesOf = (name: string) =>
  readdirSync(join(folder, name))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => join(folder, name, file));

/** Checks that PostgreSQL can prepare the statement: every name, type and cast in it is correct. */
async function prepares(sql: Sql, text: string): Promise<void> {
  await sql.unsafe(`prepare one as ${text}`);
  await sql.unsafe('deallocate one');
}

/** Checks the same for many statements, a hundred at a time. */
async function allPrepare(sql: Sql, texts: string[]): Promise<void> {
  for (let at = 0; at < texts.length; at += 100) {
    const some = texts.slice(at, at + 100);
    const all = some.map((text, i) => `prepare some_${i} as ${text};`).join('\n');
    try {
      await sql.unsafe(`${all}\ndeallocate all`);
    } catch {
      // To name the faulty one.
      for (const text of some) await prepares(sql, text);
    }
  }
}

const ordering = ['ascending', 'descending'];
const every = sorts.flatMap((sort) => ordering.map((direction) => [sort, direction] as const));

describe('naive', () => {
  const sql = useConnection(() => copyOf('naive'));
  test.each([...filesOf('naive'), ...filesOf('idempotency')])('%s can be prepared', (file) =>
    prepares(sql(), readFileSync(file, 'utf8')),
  );
  test.each(every)('the list by %s, %s, can be prepared', (sort, direction) =>
    prepares(sql(), listText(sort, direction === 'descending')),
  );
  test('the count can be prepared', () => prepares(sql(), countText));
});

/** Every filter with a value that leads to its most complex condition. */
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

/** The beginning, and positions in both directions, with and without a value. */
function positions(sort: string): (Position | null)[] {
  const there = key[sort] ?? [times.includes(sort) ? '2024-01-01T00:00:00.000001Z' : 'Anna'];
  const keys = nullable.includes(sort) ? [there, [null]] : [there];
  const flags = [true, false].flatMap((backwards) =>
    [true, false].map((inclusive) => ({ backwards, inclusive })),
  );
  return [null, ...keys.flatMap((one) => flags.map((flag) => ({ key: one, id: 7, ...flag })))];
}

/** How substrings are found: by a dictionary of values, or by grams. */
const matchings = ['values', 'grams'].map((matching) =>
  Object.fromEntries(textFilters.map((name) => [name, matching as 'values' | 'grams'])),
);

describe('optimized', () => {
  const sql = useConnection(() => copyOf('optimized'));
  // A connection of its own, because statements that the driver has prepared must not be deallocated.
  const server = useConnection(() => copyOf('optimized'));
  test.each([...filesOf('optimized'), ...filesOf('search'), ...filesOf('idempotency')])(
    '%s can be prepared',
    (file) => prepares(sql(), readFileSync(file, 'utf8')),
  );

  const composed = new Set<string>();
  const prepared = new Set<string>();
  const templates = readdirSync(join(folder, 'listing'))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => ({ file, text: readFileSync(join(folder, 'listing', file), 'utf8') }));

  test.each(every)(
    'every statement of a list by %s, %s, can be prepared',
    async (sort, direction) => {
      const texts = new Set<string>();
      for (const query of sort === 'relevance' ? queries.filter((one) => one.includes('search=')) : queries) {
        const asked = readList(`http://a/?${query}&sort_by=${sort}&ordering=${direction}`, {
          cursors: true,
          count: 'exact',
        });
        const request = await understand(runner(server()), asked);
        for (const matching of matchings) {
          for (const choose of Object.values(choices)) {
            const reader = { ...newReader(customers, render), matching, choose };
            const all = conditions(reader, request);
            const found = all.filter(({ find, hasAlternatives }) => find !== null && !hasAlternatives);
            texts.add(count(reader, all, found).text);
            for (const position of positions(sort)) {
              const window = { rows: 21, skip: 0, position };
              for (const { text } of plan(reader, request, window)) texts.add(text);
            }
          }
        }
      }
      await allPrepare(
        sql(),
        [...texts].filter((text) => !prepared.has(text)),
      );
      for (const text of texts) {
        prepared.add(text);
        expect(text).not.toMatch(/undefined|\[object|\{\w+\}/);
        for (const { file, text: template } of templates) {
          if (text.includes(template.split('\n')[0]!.slice(0, 40))) composed.add(file);
        }
      }
    },
    120_000,
  );

  test('every template of a list was among its statements', () => {
    const others = ['row.sql', 'sample.sql'];
    expect([...composed, ...others].toSorted()).toEqual(templates.map(({ file }) => file).toSorted());
  });
});
