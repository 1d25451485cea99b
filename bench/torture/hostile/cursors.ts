import { readList } from '../../../src/contract/list.ts';
import { customers } from '../../../src/optimized/columns.ts';
import { encodeCursor, type Position } from '../../../src/optimized/listing/cursor.ts';
import { listName } from '../../../src/optimized/listing/pages.ts';
import type { Random } from '../../generate/random.ts';

// Cursors that no server issued. A cursor's checksum is not a secret (cursor.ts), so some here have a valid one.

const lists = [
  '',
  'sort_by=points',
  'sort_by=full_name',
  'sort_by=last_activity',
  'sort_by=city',
  'search=a&sort_by=relevance',
  'country=a&ordering=descending',
];

const oddKeys: Position['key'] = [
  ...[
    null,
    0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    1e308,
    '',
    'a',
    '\0',
    '\ud800',
    'a'.repeat(3000),
    "'; select 1; --",
  ],
  ...[
    '2024-01-01T00:00:00.000000Z',
    '2024-02-30',
    'infinity',
    '-infinity',
    'x infinity',
    '44 BC',
    ' BC',
    'now BC',
    'epoch',
    '99999-01-01',
    '9999-12-31T23:59:59.999999Z',
  ],
  ...['0.1', '1e999', '-1e-999', '1e38', '3.5e38', 'NaN', '9'.repeat(500)],
];
const oddIds = [0, -1, 1, 2 ** 53 - 1, -(2 ** 53) + 1, 1.5, 1e300, Number.NaN];

/** The query of a list with a cursor of valid form and checksum, and odd contents. */
export function forged(draw: Random): string {
  const query = draw.pick(lists);
  const request = readList(`http://a/?${query}`, { cursors: true, count: 'none' });
  const key = Array.from({ length: draw.pick([0, 1, 1, 1, 1, 2, 2, 3]) }, () => draw.pick(oddKeys));
  const position = { key, id: draw.pick(oddIds), backwards: draw.chance(0.5), inclusive: draw.chance(0.5) };
  return `${query}&cursor=${encodeCursor(listName(customers, request), position)}`;
}

/** The queries of lists with cursors that a server issued. */
export async function realCursors(base: string): Promise<string[]> {
  const queries: string[] = [];
  for (const query of lists) {
    const first = await fetch(`${base}/api/v1/customers?page_size=2&${query}`);
    const { next } = (await first.json()) as { next: string | null };
    if (next) queries.push(new URL(next).search.slice(1));
  }
  return queries;
}

/** A real cursor with one byte replaced, removed, inserted or doubled. */
export function altered(draw: Random, query: string): string {
  const start = query.indexOf('cursor=') + 'cursor='.length;
  const at = draw.int(start, query.length - 1);
  const byte = draw.pick([draw.pick([...'AZaz09-_.%+= ']), String.fromCharCode(draw.int(33, 255))]);
  return (
    query.slice(0, at) +
    draw.pick([byte, '', byte + query[at], query[at]! + query[at]!]) +
    query.slice(at + 1)
  );
}
