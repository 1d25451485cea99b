import { genders } from '../src/contract/customer.ts';
import { sorts } from '../src/contract/parameters.ts';
import { faultyQuery } from './generate/faults.ts';
import { type Random, random } from './generate/random.ts';
import {
  part,
  searchValue,
  type TextParameter,
  type TimeParameter,
  textParameters,
  textValue,
  timeParameters,
  timeValue,
} from './generate/values.ts';
import type { Row, Vocabulary } from './vocabulary.ts';

export const listPath = '/api/v1/customers';

export interface GeneratedRequest {
  /** Kind of request, for grouping: `first_name`, `search 2 words`, `sort points descending`, `combined 3`. */
  shape: string;
  /** Path and query string, percent-encoded, to be appended to a server's address. */
  path: string;
  /** The status that both servers must return. */
  status: 200 | 422;
  /** Pages to follow by `next`, then by `previous` back to the first; 0: this page only. */
  walk: number;
}

const plainSorts = sorts.filter((sort) => sort !== 'relevance');
const orderings = ['ascending', 'descending'];

/**
 * By contract the optimized server refuses pages beyond this row, so no generated page goes there.
 * Walks stay far below it too.
 */
const lastRowByPage = 10_000;

type Query = [name: string, encoded: string][];

const filterNames = [
  ...(Object.keys(textParameters) as TextParameter[]),
  ...(Object.keys(timeParameters) as TimeParameter[]),
  ...(['gender', 'has_address', 'min_points', 'max_points'] as const),
];

/** A space becomes `+` or `%20`; both are in use. In `phone_number` a bare or doubly encoded `+` is also a plus. */
function encode(draw: Random, name: string, value: string): string {
  const encoded = encodeURIComponent(value);
  if (name === 'phone_number') {
    return encoded.replace(/^%2B/, () => draw.pick(['%2B', '+', '%20', '%252B']));
  }
  return draw.chance(0.3) ? encoded.replaceAll('%20', '+') : encoded;
}

function filterValue(draw: Random, row: Row, name: (typeof filterNames)[number]): string {
  if (name === 'gender') return draw.pick(genders);
  if (name === 'has_address') return draw.pick(['true', 'false']);
  if (name === 'min_points' || name === 'max_points') {
    const points = row.relationship?.points ?? draw.int(0, 50_000);
    return draw.pick([`${points}`, `${points}`, `${draw.int(0, 60_000)}`, '0', `${points}.5`, '-1']);
  }
  return name in textParameters
    ? textValue(draw, row, name as TextParameter)
    : timeValue(draw, row, name as TimeParameter);
}

/**
 * Most values of one request come from one row, so that the combined conditions still match a row. Five values from five
 * rows would match none, and two empty answers are always equal.
 */
function filters(draw: Random, vocabulary: Vocabulary, count: number): Query {
  const row = draw.pick(vocabulary);
  const names = new Set<(typeof filterNames)[number]>();
  while (names.size < count) names.add(draw.pick(filterNames));
  return [...names].map((name) => {
    const source = draw.chance(0.85) ? row : draw.pick(vocabulary);
    const value = draw.chance(0.03) ? '' : filterValue(draw, source, name);
    return [name, encode(draw, name, value)];
  });
}

/**
 * A search alone takes seconds, because the naive server computes the text vector of every customer. Most searches here
 * add a substring of a `customer_id` that leaves few customers; either server may test it first.
 */
function search(draw: Random, vocabulary: Vocabulary): Query {
  const row = draw.pick(vocabulary);
  const query: Query = [['search', encode(draw, 'search', searchValue(draw, row))]];
  if (draw.chance(0.85)) {
    // From the second half, because sequential ids share their beginning.
    const id = [...row.customer_id];
    const half = id.slice(Math.floor(id.length / 2)).join('');
    query.push(['customer_id', encodeURIComponent(part(draw, half, 4))]);
  }
  if (draw.chance(0.2)) query.push(['gender', row.gender]);
  return query;
}

function shapeOf(query: Query): string {
  if (query.length === 0) return 'everyone';
  const [name, value] = query[0]!;
  if (name === 'search') {
    const words = decodeURIComponent(value.replaceAll('+', ' ')).trim().split(/\s+/).length;
    return `search ${words} ${words === 1 ? 'word' : 'words'}${query.length > 1 ? ' narrowed' : ''}`;
  }
  return query.length === 1 ? name : `combined ${query.length}`;
}

function sorting(draw: Random, searched: boolean): Query {
  const sort = searched && draw.chance(0.3) ? 'relevance' : draw.pick(plainSorts);
  const ordering: Query = [['ordering', draw.pick(orderings)]];
  if (draw.chance(0.08)) return ordering;
  return [['sort_by', sort], ...(draw.chance(0.7) ? ordering : [])];
}

/** Most page sizes are small: the naive server runs two statements for every customer on the page. */
function paging(draw: Random): Query {
  const query: Query = [];
  const size = draw.weighted([
    [60, 20],
    [25, draw.int(1, 30)],
    [8, draw.int(1, 100)],
    [4, 1],
    [3, 100],
  ]);
  if (size !== 20 || draw.chance(0.1)) query.push(['page_size', `${size}`]);
  if (draw.chance(0.25)) {
    const last = Math.floor(lastRowByPage / size);
    query.push(['page', `${draw.chance(0.6) ? draw.int(1, 4) : draw.int(1, last)}`]);
  }
  return query;
}

function valid(draw: Random, vocabulary: Vocabulary): Omit<GeneratedRequest, 'status'> {
  const searched = draw.chance(0.1);
  const count = draw.weighted([
    [12, 0],
    [45, 1],
    [22, 2],
    [11, 3],
    [6, 4],
    [4, 5],
  ]);
  const conditions = searched ? search(draw, vocabulary) : filters(draw, vocabulary, count);
  const sorted = draw.chance(0.6) ? sorting(draw, searched) : [];
  let shape = shapeOf(conditions);
  if (conditions.length === 0 && sorted.length > 0)
    shape = `sort ${sorted.map(([, value]) => value).join(' ')}`;

  const walk = draw.chance(0.05) ? draw.int(2, 5) : 0;
  const pages: Query = walk > 0 ? [['page_size', `${draw.int(1, 12)}`]] : paging(draw);
  const counted: Query = draw.chance(0.35) ? [['count', draw.pick(['exact', 'none'])]] : [];
  const query = [...conditions, ...sorted, ...pages, ...counted];
  return { shape, walk, path: pathOf(query.map(([name, value]) => `${name}=${value}`).join('&')) };
}

const pathOf = (query: string) => (query === '' ? listPath : `${listPath}?${query}`);

/** Endless list requests. The same seed and vocabulary give the same requests in the same order. */
export function* requests(seed: number, vocabulary: Vocabulary): Generator<GeneratedRequest, never> {
  for (let index = 0; ; index++) {
    // Each request has its own generator, so that a change to one shape does not alter all later requests.
    const draw = random(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    if (draw.chance(0.06)) yield { shape: 'invalid', path: pathOf(faultyQuery(draw)), status: 422, walk: 0 };
    else yield { ...valid(draw, vocabulary), status: 200 };
  }
}
