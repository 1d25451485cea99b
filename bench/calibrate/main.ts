import { command, run } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import type { Sql } from '../../src/server/database.ts';
import { writeJson } from '../figures.ts';
import { connectAsServer, costs, customers, tagsOf } from '../shapes/optimized.ts';
import { population, setStage } from '../stage.ts';
import { median } from '../statistics.ts';
import { short, table } from '../table.ts';

const program = command(
  'calibrate',
  'Measures what the optimized server takes for the costs of its access paths, in microseconds: a row walked to, found, scanned, ranked, a question to the inverted index and an entry of it. The constants are in src/optimized/listing/paths.ts; a factor of two changes few choices.',
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
    console.log(`${population(stage)}\n\n${table([['µs', 'assumed', 'measured here', 'ratio'], ...rows])}`);
    await writeJson(json, { customers: stage.customers, data: stage.data, costs: measured });
  });

type Measured = Record<string, { assumed: number; found: number }>;

/** A test of a row that none passes, as a filter has it. */
const test = `strpos(lower(first_name), 'no such name') > 0`;
const tags = tagsOf(customers);

async function calibrate(sql: Sql, total: number): Promise<Measured> {
  const { table: list, orders, sorts, sortedBy } = customers;
  const time = async (text: string) => {
    const times: number[] = [];
    for (let i = 0; i < 7; i++) {
      const began = performance.now();
      await sql.unsafe(text, [], { prepare: true });
      times.push((performance.now() - began) * 1000);
    }
    return median(times);
  };
  const answer = await time('select 1');
  const where = (find: string) =>
    `select count(*) from (select * from ${list} where ${find} offset 0) found where ${test}`;

  // Of two lengths the difference, so that what a statement takes anyway is in neither.
  const [short, long] = [Math.ceil(total / 200), Math.ceil(total / 20)];
  const walked = async (order: string) => {
    const keys = [...orders[order]!.columns.map(({ name }) => name), 'id']
      .map((name) => `${name} desc`)
      .join(', ');
    const walk = (rows: number) => {
      const first = orders[order]!.columns[0]!.name;
      return time(
        `select count(*) from (select * from ${list} where ${first} is not null order by ${keys} limit ${rows}) walked where ${test}`,
      );
    };
    return ((await walk(long)) - (await walk(short))) / (long - short);
  };
  const scattered: number[] = [];
  for (const sort of sorts) if (sort !== sortedBy) scattered.push(await walked(sort));

  const asked = (await time(where(`${tags} @> array[-1]`))) - answer;
  // Two values that no row has both: their entries are merged, and no row is read.
  const [pair] = await sql<{ one: number; other: number; entries: number }[]>`
    select listing_value_tag('gender', min(gender)) as one, listing_value_tag('gender', max(gender)) as other,
      sum(rows)::integer as entries
    from (select gender, count(*) as rows from customer group by gender order by count(*) desc limit 2) frequent`;
  const merged = (await time(where(`${tags} @> array[${pair!.one}, ${pair!.other}]`))) - answer - asked;
  const entry = merged / pair!.entries;
  const other = orders[sorts.find((sort) => sort !== sortedBy)!]!;
  const bucket = `${tags} @> array[${other.number * 1000 + 9}]`;
  const [{ rows }] = (await sql.unsafe(`select count(*)::integer as rows from ${list} where ${bucket}`)) as [
    { rows: number },
  ];
  const found = await time(where(bucket));
  const fetched = (found - answer - asked) / rows - entry;
  const query = `(select plainto_tsquery('simple', country) from ${list} where country is not null limit 1)`;
  const ranked = await time(
    `select max(ts_rank(document, ${query})) from (select * from ${list} where ${bucket} offset 0) found where ${test} is false`,
  );
  const scanned =
    ((await time(`select count(*) from (select * from ${list} offset 0) scanned where ${test}`)) - answer) /
    total;
  return {
    'a row walked to, where rows lie in this order': {
      assumed: costs.walked.clustered,
      found: await walked(sortedBy),
    },
    'a row walked to, where they do not': { assumed: costs.walked.scattered, found: median(scattered) },
    'a question to the inverted index': { assumed: costs.asked, found: asked },
    'an entry of it': { assumed: costs.entry, found: entry },
    'a row that it found, alone in its block': { assumed: costs.block + costs.scanned, found: fetched },
    'a row ranked': { assumed: costs.ranked, found: (ranked - found) / rows },
    'a row scanned': { assumed: costs.scanned, found: scanned },
  };
}

if (import.meta.main) await run(program);
