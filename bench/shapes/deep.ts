import { Stop } from '../../src/cli/command.ts';
import type { Sort } from '../../src/contract/parameters.ts';
import type { Sql } from '../../src/server/database.ts';
import { get } from '../latency/measure.ts';
import type { Row } from '../vocabulary.ts';
import { simple } from './goals.ts';
import { cursorsOf } from './optimized.ts';
import { pathOf, type Query, type Shape } from './shape.ts';

/** Columns of the read model that a deep list is sorted by. */
const deepSorts = {
  created: 'created',
  full_name: 'first_name, last_name',
  city: 'city',
  points: 'points',
  last_activity: 'last_activity',
} satisfies Partial<Record<Sort, string>>;
type DeepSort = keyof typeof deepSorts;

/** Consecutive pages of one shape. */
const pages = 20;

interface Page {
  next: string | null;
  previous: string | null;
  results: Row[];
}

/** The row at which a deep page begins: 2 900 000 of 3 million, and in proportion in other tables. */
export const deepRow = (customers: number) => Math.floor((customers * 29) / 30);

/**
 * Pages by cursor deep in a list, forwards and backwards, and the first page of the same list to compare them with. Only
 * shapes with `only` in their names. Finding the row in a large table takes seconds.
 */
export async function deepShapes(base: string, sql: Sql, customers: number, only: string): Promise<Shape[]> {
  const shapes: Shape[] = [];
  for (const sort of Object.keys(deepSorts) as DeepSort[]) {
    const query = { sort_by: sort };
    const names = ['the first page', '29/30 down the list, on', '29/30 down the list, back'].map(
      (place) => `deep: ${sort}, ${place}`,
    );
    if (!names.some((name) => name.includes(only))) continue;
    const start = await cursorAt(base, sql, query, deepRow(customers));
    const paths = [
      [pathOf(query)],
      await follow(base, start, 'next'),
      (await follow(base, start, 'previous')).slice(1),
    ];
    for (const [at, name] of names.entries())
      shapes.push({ name, kind: 'list', goal: simple, paths: paths[at]! });
  }
  return shapes.filter(({ name }) => name.includes(only));
}

/** `path` and the paths of the pages after or before it, `count` at most. */
export async function follow(
  base: string,
  path: string,
  link: 'next' | 'previous',
  count = pages,
): Promise<string[]> {
  const paths = [path];
  while (paths.length < count) {
    const to = (await read(base, paths.at(-1)!))[link];
    if (to === null) break;
    const { pathname, search } = new URL(to);
    paths.push(pathname + search);
  }
  return paths;
}

/**
 * The path of the page after row `row`, which `next` would reach only after very many pages. The cursor is encoded from
 * that row as the server does it; the first page verifies this.
 */
export async function cursorAt(
  base: string,
  sql: Sql,
  query: Query & { sort_by: DeepSort },
  row: number,
): Promise<string> {
  const path = pathOf(query);
  const { behind, descending } = cursorsOf(path);
  const first = await read(base, path);
  const own = pathOf({
    ...query,
    cursor: cursorBehind(behind, first.results.at(-1)!, query.sort_by),
  });
  if (first.next !== null && new URL(first.next).search !== new URL(own, base).search)
    throw new Stop(
      `The server makes other cursors for ${path} than bench/shapes/deep.ts: the server has changed.`,
    );
  const direction = descending ? 'desc' : 'asc';
  const order = `${deepSorts[query.sort_by]
    .split(', ')
    .map((column) => `${column} ${direction} nulls last`)
    .join(', ')}, id ${direction}`;
  const [found] = await sql.unsafe<{ id: number }[]>(
    `select id from customer_list order by ${order} offset $1 limit 1`,
    [Math.max(0, row - 1)],
  );
  if (!found) throw new Stop(`There is no row ${row} in ${path}.`);
  const at = JSON.parse(new TextDecoder().decode(await get(`${base}/api/v1/customers/${found.id}`))) as Row;
  return pathOf({ ...query, cursor: cursorBehind(behind, at, query.sort_by) });
}

const newest = 40_000;

/** `count` different pages at most: after each of the newest customers, in several sizes around twenty. */
export async function everyPage(sql: Sql, count: number): Promise<string[]> {
  const rows = await sql<{ id: number; created: string }[]>`
    select id, created from customer_list order by created desc, id desc limit ${newest}`;
  const { behind } = cursorsOf(pathOf({}));
  const paths = rows.flatMap(({ id, created }) => {
    const cursor = behind([created], id);
    return [20, 19, 21, 18, 22].map((page_size) => pathOf({ cursor, page_size }));
  });
  return paths.slice(0, count);
}

function cursorBehind(behind: ReturnType<typeof cursorsOf>['behind'], row: Row, sort: DeepSort): string {
  const keys: Record<DeepSort, Parameters<typeof behind>[0]> = {
    created: [row.created],
    full_name: [row.first_name, row.last_name],
    city: [row.address?.city ?? null],
    points: [row.relationship?.points ?? null],
    last_activity: [row.relationship?.last_activity ?? null],
  };
  return behind(keys[sort], row.id);
}

const read = async (base: string, path: string): Promise<Page> =>
  JSON.parse(new TextDecoder().decode(await get(base + path))) as Page;
