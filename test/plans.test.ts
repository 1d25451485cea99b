import { describe, expect, test } from 'bun:test';
import { readList } from '../src/contract/list.ts';
import { type Sort, sorts } from '../src/contract/parameters.ts';
import { customers, render } from '../src/optimized/columns.ts';
import type { Position } from '../src/optimized/listing/cursor.ts';
import { plan, type Reader } from '../src/optimized/listing/read.ts';
import { openReader } from '../src/optimized/listing/reader.ts';
import type { Statement } from '../src/optimized/listing/statements.ts';
import { understand } from '../src/optimized/search/meaning.ts';
import { runner } from '../src/server/database.ts';
import { seededOnly } from './cluster.ts';
import { choices } from './optimized/choices.ts';
import { useConnection } from './rooms.ts';

// Tests which index each statement uses, and that no plan reads the whole table. Names of nodes and indexes are asserted,
// never costs. Each statement gets a custom plan for its values, and a generic plan as prepared statements have it.

/** Without a filter every order is walked along its own index. */
const walks = (sort: string) => `customer_list_${sort}_idx`;
const find = 'customer_list_find_idx';

/** With a filter: the index that each access path uses. */
const filtered: [query: string, choice: keyof typeof choices, index: string][] = [
  ...[
    'gender=male',
    'has_address=true&sort_by=points',
    'created_after=2025-01-01&sort_by=city',
    'search=anna',
  ].map((query): [string, keyof typeof choices, string] => [
    query,
    'walking a few rows, then scanning',
    walks(/sort_by=(\w+)/.exec(query)?.[1] ?? 'created'),
  ]),
  ...[
    'first_name=anthony',
    'customer_id=abcd&sort_by=city',
    'phone_number=%2B49&city=new&sort_by=points',
    'gender=undefined&has_address=false&sort_by=last_name',
    'search=Nicholas Heights&sort_by=full_name',
    'search=123456',
    'search=anna 12&sort_by=last_activity',
    'birthday_after=1999-01-01&birthday_before=1999-01-05&first_name=a&sort_by=country',
  ].flatMap((query): [string, keyof typeof choices, string][] => [
    [query, 'asking the inverted index at once', find],
    [query, 'asking the inverted index bucket by bucket', find],
  ]),
  ['created_after=2025-06-01&sort_by=city', 'scanning what a range leaves', walks('created')],
  [
    'created_after=2025-06-01&last_updated_before=2024-06-01&sort_by=city',
    'scanning what a range and the zone map leave',
    walks('created'),
  ],
];

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Scan Direction'?: string;
  Plans?: Node[];
}
const nodesOf = (plan: Node): Node[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe('a plan', () => {
  const sql = useConnection(() => seededOnly('optimized', 20_000));

  /** The nodes of the custom plan for these values, and of the generic plan. */
  async function plans({
    text,
    parameters,
  }: Pick<Statement, 'parameters'> & { text: string }): Promise<Node[][]> {
    type Row = { 'QUERY PLAN': string };
    const custom = await sql().unsafe<Row[]>(`explain (format json) ${text}`, parameters as never[]);
    const generic = await sql().unsafe<Row[]>(`explain (format json, generic_plan) ${text}`).simple();
    return [custom, generic].map(([row]) => nodesOf(JSON.parse(row!['QUERY PLAN'])[0].Plan));
  }

  let reader: Reader | undefined;
  async function statementsOf(query: string, position: Position | null, choose?: Reader['choose']) {
    if (!reader) {
      const opened = await openReader(sql(), customers, render);
      await opened.ready;
      opened.close();
      reader = opened;
    }
    const asked = readList(`http://a/?${query}`, { cursors: true, count: 'exact' });
    const request = await understand(runner(sql()), asked);
    return [...plan({ ...reader, ...(choose && { choose }) }, request, { rows: 21, skip: 0, position })];
  }

  /** Expects no scan of the whole table; with `inOrder`, also no sort of customers. */
  function expectFocused(nodes: Node[], index: string, inOrder = false) {
    expect(nodes.flatMap((node) => node['Index Name'] ?? [])).toContain(index);
    const whole = nodes.filter(
      (node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'customer_list',
    );
    expect(whole).toEqual([]);
    if (!inOrder) return;
    const readsCustomers = (node: Node) =>
      nodesOf(node).some((one) => one['Relation Name'] === 'customer_list');
    const sorting = nodes.filter((node) => /Sort/.test(node['Node Type']) && readsCustomers(node));
    expect(sorting).toEqual([]);
  }

  /** The customer after the first 12 000 that have a value to sort by. */
  async function deepIn(sort: Exclude<Sort, 'relevance'>): Promise<Position> {
    const columns = sort === 'full_name' ? ['first_name', 'last_name'] : [sort];
    const [row] = await sql().unsafe(
      `select id, ${columns.map((column, i) => `${column} as key${i}`).join(', ')} from customer_list
       where ${columns[0]} is not null order by ${columns.join(', ')}, id offset 12000 limit 1`,
    );
    const key = columns.map((_, i) => row![`key${i}`]);
    return { key, id: row!.id, backwards: false, inclusive: false };
  }

  const plainSorts = sorts.filter((sort) => sort !== 'relevance');
  const every = plainSorts.flatMap((sort) =>
    ['ascending', 'descending'].map((ordering) => [sort, ordering] as const),
  );
  test.each(every)(
    'of a list by %s, %s, walks its index, also deep in the list and backwards',
    async (sort, ordering) => {
      const deep = await deepIn(sort);
      for (const position of [null, deep, { ...deep, backwards: true }, { ...deep, key: [null] }]) {
        if (position?.key[0] === null && !['city', 'country', 'points', 'last_activity'].includes(sort))
          continue;
        const [first] = await statementsOf(`sort_by=${sort}&ordering=${ordering}`, position);
        expect(first).toMatchObject({ path: 'walk', final: true });
        const forward = (ordering === 'ascending') !== (position?.backwards ?? false);
        for (const nodes of await plans(first!)) {
          expectFocused(nodes, walks(sort), true);
          const directions = nodes.flatMap((node) => node['Scan Direction'] ?? []);
          expect(new Set(directions)).toEqual(new Set([forward ? 'Forward' : 'Backward']));
        }
      }
    },
  );

  test.each(filtered)('of ?%s, %s, uses %s', async (query, choice, index) => {
    const [first] = await statementsOf(query, null, choices[choice]);
    for (const nodes of await plans(first!)) expectFocused(nodes, index);
  });

  test.each([
    'customer_id=ab&sort_by=customer_id',
    'last_name=a&gender=male&sort_by=full_name&ordering=descending',
  ])('of ?%s by its keys reads the index alone, and then rows by their id', async (query) => {
    const [first] = await statementsOf(query, null, choices['walking the keys to the end']);
    for (const nodes of await plans(first!)) {
      expectFocused(nodes, walks(/sort_by=(\w+)/.exec(query)![1]!), true);
      const scans = nodes.flatMap((node) =>
        node['Index Name'] ? [[node['Node Type'], node['Index Name']]] : [],
      );
      expect(scans).toContainEqual(['Index Scan', 'customer_list_pkey']);
      for (const [type, index] of scans)
        expect([index, type]).toEqual([
          index,
          index === 'customer_list_pkey' ? 'Index Scan' : 'Index Only Scan',
        ]);
    }
  });

  // The planner extracts what both alternatives have in common where it can, and tests the rest on each row.
  test.each(['Lang-Corwin 5942', 'Anna 5942', '1984-03-12 5942'])(
    'of a search for %s uses the index for each alternative',
    async (search) => {
      const query = `search=${encodeURIComponent(search)}`;
      const [first] = await statementsOf(query, null, choices['asking the inverted index at once']);
      for (const nodes of await plans(first!)) {
        const asked = nodes.filter(({ 'Index Name': index }) => index === 'customer_list_find_idx');
        expect(nodes.map((node) => node['Node Type'])).toContain('BitmapOr');
        expect(asked.length).toBeGreaterThan(1);
      }
    },
  );

  test('of one customer reads one row by the primary key', async () => {
    const template = await Bun.file(`${import.meta.dir}/../src/sql/listing/row.sql`).text();
    const text = template.replaceAll('{list}', 'customer_list').replace('{row}', 'page.first_name');
    for (const nodes of await plans({ text, parameters: [7] })) {
      const indexes = nodes.map((node) => node['Index Name']).filter((name) => name !== undefined);
      expect(indexes).toEqual(['customer_list_pkey']);
    }
  });
});
