import { command, run } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import type { Sql } from '../../src/server/database.ts';
import { writeJson } from '../figures.ts';
import { type Explained, nodesOf } from '../ladder/explain.ts';
import { connectAsServer, costs, customers, ranking, testing, walking } from '../shapes/optimized.ts';
import { population, setStage } from '../stage.ts';
import { median } from '../statistics.ts';
import { short, table } from '../table.ts';

const program = command(
  'calibrate',
  'Measures the costs, in microseconds, by which the optimized server chooses access paths: of a row walked, found, scanned or ranked, of a key walked, of a lookup in the inverted index, and of the posting lists that it intersects. The constants are in src/optimized/listing/costs.ts; a factor of two changes few choices.',
)
  .addOption(option.customers(1_000_000))
  .addOption(option.data)
  .addOption(option.database)
  .addOption(option.json)
  .action(async ({ customers: count, data, database, json }) => {
    const stage = await setStage(count, { data, existing: database });
    const sql = connectAsServer(stage);
    const measured = await calibrate(sql, stage.customers);
    await sql.end();
    const rows = Object.entries(measured).map(([name, { assumed, found }]) => [
      ...[name, short(assumed), short(found), short(found / assumed)],
    ]);
    console.log(`${population(stage)}\n\n${table([['µs', 'assumed', 'measured', 'ratio'], ...rows])}`);
    await writeJson(json, { customers: stage.customers, data: stage.data, costs: measured });
  });

type Measured = Record<string, { assumed: number; found: number }>;

/** The column that is tested, of rows and of keys. */
const tested = 'first_name';
/** A row test like that of a filter, which no row passes. */
const test = `strpos(lower(${tested}), 'no such name') > 0`;
const { tags } = customers;

async function calibrate(sql: Sql, total: number): Promise<Measured> {
  const { table: list, orders, sorts, sortedBy } = customers;
  const repeated = async (measure: () => Promise<number>) => {
    const times: number[] = [];
    for (let i = 0; i < 7; i++) times.push(await measure());
    return median(times);
  };
  const time = (text: string) =>
    repeated(async () => {
      const began = performance.now();
      await sql.unsafe(text, [], { prepare: true });
      return (performance.now() - began) * 1000;
    });
  const answer = await time('select 1');
  const where = (find: string) =>
    `select count(*) from (select * from ${list} where ${find} offset 0) found where ${test}`;

  // The difference of two lengths cancels the fixed cost of a statement.
  const [near, far] = [Math.ceil(total / 200), Math.ceil(total / 20)];
  const each = async (statement: (rows: number) => string) =>
    ((await time(statement(far))) - (await time(statement(near)))) / (far - near);
  /** The first `rows` rows of an order, or only these columns of them, as a walk reads them. */
  const first = (order: string, rows: number, columns = '*') => {
    const keys = orders[order]!.columns.map(({ name }) => name);
    const sorted = [...keys, 'id'].map((name) => `${name} desc`).join(', ');
    return `select ${columns} from ${list} where ${keys[0]} is not null order by ${sorted} limit ${rows}`;
  };
  const walked = (order: string) =>
    each((rows) => `select count(*) from (${first(order, rows)}) walked where ${test}`);
  const others = sorts.filter((sort) => sort !== sortedBy);
  const scattered: number[] = [];
  for (const sort of others) scattered.push(await walked(sort));
  const named = Object.values(orders).find(({ columns: [column] }) => column!.name === tested)!.name;
  const key = await each(
    (rows) => `select count(*) from (${first(named, rows, `id, ${tested}`)}) walked where ${test}`,
  );
  const byId = await each(
    (rows) => `select count(*) from (${first(named, rows, 'id')}) walked
      cross join lateral (select * from ${list} where ${list}.id = walked.id offset 0) whole where ${test}`,
  );

  // Buckets of one order share no row. It is not the order on disk, so that their rows are interleaved.
  const other = orders[others[0]!]!;
  const bucket = (number: number) => `${tags} @> array[${other.number * 1000 + number}]`;
  const any = (numbers: number[]) => `${tags} && array[${numbers.join(', ')}]`;
  const asked =
    ((await time(`select count(*) from generate_series(1, 100) place
      cross join lateral (select * from ${list} where ${tags} @> array[-place] offset 0) found`)) -
      answer) /
    100;
  // The index scan alone, as PostgreSQL times it, without reading the rows it finds.
  const sought = (...finds: string[]) => repeated(() => indexTime(sql, list, finds.join(' and ')));
  const rowsOf = async (find: string) => {
    const [row] = await sql.unsafe(`select count(*)::integer as rows from ${list} where ${find}`);
    return (row as unknown as { rows: number }).rows;
  };
  const none = Array.from({ length: 1000 }, (_, i) => -1 - i);
  const started = ((await sought(any(none))) - (await sought(any([-1])))) / none.length;
  // Between two entries that may be in both posting lists, the gaps of both are skipped.
  const rounds = (one: number, two: number) => 1 / (1 / one + 1 / two);
  const [one, two] = [await rowsOf(bucket(9)), await rowsOf(bucket(10))];
  const step = (await sought(bucket(9), bucket(10))) / rounds(one, two) / 2;
  const [frequent] = await sql<{ tag: number; rows: number }[]>`
    select listing_value_tag('gender', gender) as tag, count(*)::integer as rows
    from customer group by gender order by rows desc limit 1`;
  const beside = await sought(bucket(9), any([frequent!.tag]));
  const skipped = (beside - 2 * step * rounds(one, frequent!.rows)) / frequent!.rows;
  const many = Array.from({ length: 64 }, (_, i) => other.number * 1000 + 20 + i);
  const among = await rowsOf(any(many));
  const times = rounds(one, among);
  const among64 = (await sought(bucket(9), any(many))) - 64 * started - among * skipped - 2 * step * times;
  const alternative = among64 / times / 63;
  const found = await time(where(bucket(9)));
  const fetched = (found - answer - asked) / one - step;
  const query = `(select plainto_tsquery('simple', country) from ${list} where country is not null limit 1)`;
  const ranked = await time(
    `select max(ts_rank(document, ${query})) from (select * from ${list} where ${bucket(9)} offset 0) found where ${test} is false`,
  );
  const scanned =
    ((await time(`select count(*) from (select * from ${list} offset 0) scanned where ${test}`)) - answer) /
    total;
  const [size] = await sql<{ total: number; blocks: number }[]>`
    select reltuples::float8 as total, relpages as blocks from pg_class where oid = to_regclass(${list})`;
  return {
    'a row walked, if rows are stored in this order': {
      assumed: walking(1, size!, 0),
      found: await walked(sortedBy),
    },
    'a row walked, if they are not': { assumed: walking(1, size!), found: median(scattered) },
    'the key of a row walked': { assumed: costs.walked.key, found: key },
    'a row read by its id': { assumed: costs.byId, found: byId - key },
    'a lookup in the inverted index': { assumed: costs.asked, found: asked },
    'a posting list of the lookup': { assumed: costs.list, found: started },
    'a seek in a posting list': { assumed: costs.sought, found: step },
    'the same, per further alternative': { assumed: costs.alternative, found: alternative },
    'an entry skipped': { assumed: costs.skipped, found: skipped },
    'a row found, alone in its block': {
      assumed: costs.block + testing(1, size!),
      found: fetched,
    },
    'a row ranked': { assumed: ranking(1, size!), found: (ranked - found) / one },
    'a row scanned': { assumed: testing(1, size!), found: scanned },
  };
}

/** µs that the inverted index takes to find rows. Sequential scans are off, because a small table would get one. */
async function indexTime(sql: Sql, list: string, find: string): Promise<number> {
  const [row] = await sql.begin(async (transaction) => {
    await transaction`set local enable_seqscan = off`;
    return transaction.unsafe<{ 'QUERY PLAN': string }[]>(
      `explain (analyze, format json) select from (select * from ${list} where ${find} offset 0) found`,
    );
  });
  const { Plan } = JSON.parse(row!['QUERY PLAN'])[0] as Explained;
  const scan = nodesOf(Plan).find((node) => node['Node Type'] === 'Bitmap Index Scan');
  if (!scan) throw new Error(`PostgreSQL does not use the inverted index for ${find.slice(0, 200)}`);
  return scan['Actual Total Time'] * 1000;
}

if (import.meta.main) await run(program);
