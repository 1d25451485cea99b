import { describe, expect, test } from 'bun:test';
import { readList } from '../src/contract/list.ts';
import { type Sort, sorts } from '../src/contract/parameters.ts';
import type { Position } from '../src/optimized/cursor.ts';
import * as lists from '../src/optimized/list.ts';
import { readStatistics, type Statistics } from '../src/optimized/statistics.ts';
import { seededOnly } from './cluster.ts';
import { useConnection } from './rooms.ts';

// Which way PostgreSQL goes, by the names of nodes and indexes. What it costs depends on the machine, and is not looked
// at. Each statement is planned for its values and for any values, as prepared statements come to be.

type Shape = lists.Statement['shape'];

/** Without a filter every order is walked along its own index. */
const walks: Record<Exclude<Sort, 'relevance'>, string> = {
  full_name: 'customer_list_full_name_idx',
  first_name: 'customer_list_first_name_idx',
  last_name: 'customer_list_last_name_idx',
  created: 'customer_list_created_idx',
  customer_id: 'customer_list_customer_id_idx',
  city: 'customer_list_city_idx',
  country: 'customer_list_country_idx',
  points: 'customer_list_points_idx',
  last_activity: 'customer_list_last_activity_idx',
  last_updated: 'customer_list_last_updated_idx',
};

const filter = 'customer_list_filter_idx';
/** With a filter, as for three million customers: the statement that is asked first, and the index that it uses. */
const filtered: [query: string, shape: Shape, index: string][] = [
  ['gender=male', 'walk', 'customer_list_created_idx'],
  ['has_address=true&sort_by=points', 'walk', 'customer_list_points_idx'],
  ['min_points=100&sort_by=points', 'walk', 'customer_list_points_idx'],
  ['first_name=an&sort_by=first_name', 'merge', 'customer_list_first_name_idx'],
  ['city=new&sort_by=city&ordering=descending', 'merge', 'customer_list_city_idx'],
  ['first_name=Zo%C3%AB', 'group', filter],
  ['city_code=123&sort_by=points', 'group', filter],
  ['birthday_after=2008-01-01&sort_by=last_name', 'group', filter],
  ['first_name=Anthony&gender=non_binary&sort_by=city', 'group', filter],
  ['search=Anthony&sort_by=relevance', 'collect', filter],
  ['search="Anthony" or Nicholas&sort_by=relevance', 'collect', filter],
  ['search=Nicholas Heights', 'collect', filter],
  ['search=123456', 'collect', filter],
  ['customer_id=abcdef', 'collect', filter],
  ['phone_number=%2B491234', 'collect', filter],
  ['street_number=nowhere', 'collect', filter],
  ['last_name=x&city=y&first_name=z', 'group', filter],
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

  /** The nodes of the plan for these values, and of the plan for any. */
  async function plans({
    text,
    parameters,
  }: Pick<lists.Statement, 'text' | 'parameters'>): Promise<Node[][]> {
    type Row = { 'QUERY PLAN': string };
    const custom = await sql().unsafe<Row[]>(`explain (format json) ${text}`, parameters as never[]);
    const generic = await sql().unsafe<Row[]>(`explain (format json, generic_plan) ${text}`).simple();
    return [custom, generic].map(([row]) => nodesOf(JSON.parse(row!['QUERY PLAN'])[0].Plan));
  }

  const statementsOf = (query: string, position: Position | null, statistics: Statistics) => {
    const request = readList(`/?${query}`, { cursors: true, count: 'exact' });
    return [...lists.statements(request, { rows: 21, skip: 0, position }, statistics)];
  };

  /** Reads the whole table nowhere; with `inOrder` it need not sort customers either. */
  function expectFocused(nodes: Node[], index: string, inOrder: boolean) {
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

  /** The customer behind three quarters of the list who has a value to sort by. */
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
    'of a list by %s, %s, walks its index, deep in the list and backwards as well',
    async (sort, ordering) => {
      const statistics = await readStatistics(sql());
      const deep = await deepIn(sort);
      for (const position of [null, deep, { ...deep, backwards: true }, { ...deep, key: [null] }]) {
        if (position?.key[0] === null && !['city', 'country', 'points', 'last_activity'].includes(sort))
          continue;
        const [first] = statementsOf(`sort_by=${sort}&ordering=${ordering}`, position, statistics);
        expect(first).toMatchObject({ shape: 'walk', final: true });
        const forward = (ordering === 'ascending') !== (position?.backwards ?? false);
        for (const nodes of await plans(first!)) {
          expectFocused(nodes, walks[sort], true);
          const directions = nodes.flatMap((node) => node['Scan Direction'] ?? []);
          expect(new Set(directions)).toEqual(new Set([forward ? 'Forward' : 'Backward']));
        }
      }
    },
  );

  test.each(filtered)('of ?%s begins with a %s by %s', async (query, shape, index) => {
    const [first] = statementsOf(query, null, multiplied(await readStatistics(sql()), 150));
    expect(first!.shape).toBe(shape);
    for (const nodes of await plans(first!))
      expectFocused(nodes, index, shape === 'walk' || shape === 'merge');
  });

  test('of a count asks the index', async () => {
    for (const query of [
      'first_name=Anthony',
      'search=Anthony',
      'customer_id=abcdef',
      'city=new&gender=male',
    ]) {
      const request = readList(`/?${query}`, { cursors: true, count: 'exact' });
      for (const nodes of await plans(lists.count(request, await readStatistics(sql())))) {
        expectFocused(nodes, filter, false);
      }
    }
  });

  test('of one customer reads one row of the primary key', async () => {
    const text = await Bun.file(`${import.meta.dir}/../src/sql/optimized/customer.sql`).text();
    for (const nodes of await plans({ text, parameters: [7] })) {
      expect(nodes.map((node) => node['Index Name'])).toEqual(['customer_list_pkey']);
    }
  });
});

/** As if there were `factor` times as many customers. */
function multiplied({ total, tags, words }: Statistics, factor: number): Statistics {
  const more = <Key>([key, customers]: [Key, number]): [Key, number] => [key, customers * factor];
  return {
    total: total * factor,
    tags: new Map([...tags].map(([kind, values]) => [kind, values.map(more)])),
    words: new Map([...words].map(more)),
  };
}
