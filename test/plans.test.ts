import { describe, expect, test } from 'bun:test';
import { readList } from '../src/contract/list.ts';
import { type Sort, sorts } from '../src/contract/parameters.ts';
import type { Position } from '../src/optimized/cursor.ts';
import { statements } from '../src/optimized/list.ts';
import type { Statement } from '../src/optimized/statement.ts';
import { count } from '../src/optimized/statements.ts';
import { readStatistics, type Statistics, type Tag } from '../src/optimized/statistics.ts';
import { seededOnly } from './cluster.ts';
import { useConnection } from './rooms.ts';

// Which way PostgreSQL goes, by the names of nodes and indexes. What it costs depends on the machine, and is not looked
// at. Each statement is planned for its values and for any values, as prepared statements come to be.

type Shape = Statement['shape'];

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
  ['has_address=false&sort_by=city', 'walk', 'customer_list_city_idx'],
  ['birthday_after=2008-01-01&sort_by=last_name', 'walk', 'customer_list_last_name_idx'],
  ['last_updated_before=2025-01-01', 'walk', 'customer_list_untimely_idx'],
  ['first_name=an&sort_by=first_name', 'merge', 'customer_list_first_name_idx'],
  ['first_name=anthony&gender=male&sort_by=full_name', 'merge', 'customer_list_full_name_idx'],
  ['city=new&sort_by=city&ordering=descending', 'merge', 'customer_list_city_idx'],
  ['city=new&sort_by=country', 'merge', 'customer_list_country_idx'],
  ['first_name=Zo%C3%AB', 'newest', 'customer_list_first_name_tag_idx'],
  ['street_number=nowhere', 'none', 'list_tag_made_idx'],
  ['customer_id=zz', 'none', 'list_tag_made_idx'],
  ['last_name=x&city=y&first_name=z', 'newest', 'customer_list_last_name_tag_idx'],
  ['search=Nicholas Heights', 'newest', 'customer_list_first_name_tag_idx'],
  ['city_code=CODE&sort_by=points', 'index', 'customer_list_city_code_tag_idx'],
  ['min_points=49999&sort_by=last_updated', 'index', 'customer_list_points_idx'],
  ['created_after=2025-01-01&active_before=2024-01-01', 'within', 'customer_list_untimely_idx'],
  ['created_after=2025-01-01&last_updated_before=2025-01-02', 'within', 'customer_list_created_idx'],
  ['customer_id=abcd', 'group', filter],
  ['customer_id=abcdef', 'collect', filter],
  ['phone_number=%2B491234', 'collect', filter],
  ['search=123456', 'collect', filter],
  ['search=1999-02-03', 'collect', filter],
  ['customer_id=abc&sort_by=points', 'group', filter],
  ['active_before=2025-06-01', 'days', 'customer_list_created_day_idx'],
  ['search=Anthony&sort_by=relevance', 'collect', 'customer_list_repeated_idx'],
  ['search=Anthony&sort_by=relevance', 'collect', 'customer_list_pkey'],
  ['search="Anthony" or Nicholas&sort_by=relevance', 'collect', filter],
];

/** A count, and the index that it uses: that of one filter, or the one of words and tags. */
const counted: [query: string, index: string][] = [
  ['first_name=Anthony', 'customer_list_first_name_tag_idx'],
  ['search=Anthony', filter],
  ['customer_id=abcdef', filter],
  ['city=new&gender=male', 'customer_list_city_tag_idx'],
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
  async function plans({ text, parameters }: Pick<Statement, 'text' | 'parameters'>): Promise<Node[][]> {
    type Row = { 'QUERY PLAN': string };
    const custom = await sql().unsafe<Row[]>(`explain (format json) ${text}`, parameters as never[]);
    const generic = await sql().unsafe<Row[]>(`explain (format json, generic_plan) ${text}`).simple();
    return [custom, generic].map(([row]) => nodesOf(JSON.parse(row!['QUERY PLAN'])[0].Plan));
  }

  const statementsOf = (query: string, position: Position | null, statistics: Statistics) => {
    const request = readList(`/?${query}`, { cursors: true, count: 'exact' });
    return [...statements(request, { rows: 21, skip: 0, position }, statistics)];
  };

  function expectInIndex(nodes: Node[], index: string) {
    const scans = nodes.filter((node) => node['Index Name'] === index);
    expect(scans.map((node) => node['Node Type'])).toEqual(scans.map(() => 'Index Only Scan'));
  }

  /** Reads the whole table nowhere; with `inOrder` it need not sort customers either. */
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
    // One that few have. Of one that nobody has PostgreSQL knows that any index would do.
    const [rare] = await sql()`select city_code from customer_list where city_code is not null
      group by city_code order by count(*), city_code limit 1`;
    const asked = query.replace('CODE', rare!.city_code);
    const [first] = statementsOf(asked, null, multiplied(await readStatistics(sql()), 150));
    expect(first!.shape).toBe(shape);
    for (const nodes of await plans(first!)) {
      expectFocused(nodes, index);
      // Each customer that is walked past or collected costs a look at an index, and not at a row.
      if (['merge', 'newest', 'index'].includes(shape)) expectInIndex(nodes, index);
    }
  });

  test.each(counted)('of a count of ?%s asks %s', async (query, index) => {
    const request = readList(`/?${query}`, { cursors: true, count: 'exact' });
    for (const nodes of await plans(count(request, await readStatistics(sql())))) {
      expectFocused(nodes, index);
      if (index !== filter) expectInIndex(nodes, index);
    }
  });

  test('of one customer reads one row of the primary key', async () => {
    const text = await Bun.file(`${import.meta.dir}/../src/sql/optimized/customer.sql`).text();
    for (const nodes of await plans({ text, parameters: [7] })) {
      const indexes = nodes.map((node) => node['Index Name']).filter((name) => name !== undefined);
      expect(indexes).toEqual(['customer_list_pkey']);
    }
  });
});

/** As if there were `factor` times as many customers. */
function multiplied({ total, tags, words, ...rest }: Statistics, factor: number): Statistics {
  const more = (tag: Tag): Tag => ({ ...tag, customers: tag.customers * factor });
  return {
    ...rest,
    total: total * factor,
    tags: new Map([...tags].map(([kind, values]) => [kind, values.map(more)])),
    words: new Map(
      [...words].map(([word, said]) => [word, said.map(({ kind, tag }) => ({ kind, tag: more(tag) }))]),
    ),
  };
}
