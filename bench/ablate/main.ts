import { command, run, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import type { Reader } from '../../src/optimized/listing/read.ts';
import type { Sql } from '../../src/server/database.ts';
import { writeFigures } from '../figures.ts';
import { progress } from '../progress.ts';
import { startServer } from '../servers.ts';
import { catalogue } from '../shapes/catalogue.ts';
import { connectAsServer, openedReader, readAlone } from '../shapes/optimized.ts';
import type { Shape } from '../shapes/shape.ts';
import { population, setStage } from '../stage.ts';
import { median, quantile } from '../statistics.ts';
import { table } from '../table.ts';
import { readVocabulary } from '../vocabulary.ts';
import { type Ablation, head, row } from './document.ts';
import { type Mechanism, mechanisms } from './mechanisms.ts';

const program = command(
  'ablate',
  'Removes one mechanism of the optimized server at a time and prints what is lost: the shapes whose slowest requests take more than twice as long, and the worst of them. Also prints what the mechanism costs: bytes per customer, time per create, lines of code. One request at a time, without the cache; each request with and without the mechanism in turn.',
)
  .addOption(option.customers(300_000))
  .addOption(option.data)
  .addOption(option.database)
  .addOption(option.only)
  .option('--without <TEXT>', 'only the mechanism that has TEXT in its name')
  .addOption(option.requests(12, 'requests per shape'))
  .addOption(
    option.limit(5_000, 'milliseconds after which a request is cancelled, and which then count as its time'),
  )
  .addOption(option.seed(1))
  .addOption(option.json)
  .action(async ({ customers, data, database, only = '', without = '', requests, limit, seed, json }) => {
    const started = new Date();
    const chosen = mechanisms.filter(({ name }) => name.includes(without));
    if (chosen.length === 0) throw new Stop(`No mechanism has "${without}" in its name.`);
    const stage = await setStage(customers, { data, existing: database });
    const sql = connectAsServer(stage);
    const server = await startServer('optimized', { ...stage.environment, CACHE: 'off' });
    const vocabulary = await readVocabulary(server.base, 1_000);
    const wanted = { seed, data: stage.data, only, pairs: false };
    const shapes = await catalogue(server.base, sql, vocabulary, wanted);
    await server.stop();
    if (shapes.length === 0) throw new Stop(`No shape has "${only}" in its name.`);
    const bar = progress('Ablating');
    const lost: Lost[] = [];
    for (const [index, mechanism] of chosen.entries()) {
      bar.update(index, chosen.length, mechanism.name);
      lost.push(await leaveOut(sql, mechanism, shapes, { requests, limit }));
    }
    bar.end(`${chosen.length} mechanisms, ${shapes.length} shapes`);
    const costs = await Promise.all(chosen.map((mechanism) => costOf(sql, mechanism, stage.customers)));
    await sql.end();
    const ablations = lost.map((one, i) => ({ name: chosen[i]!.name, ...one, ...costs[i]! }));
    console.log(`${population(stage)}\n\n${table([head, ...ablations.map(row)])}`);
    const settings = { requests, limit, seed };
    const about = { customers: stage.customers, data: stage.data, settings };
    await writeFigures('ablate', started, json, { ...about, mechanisms: ablations });
  });

type Lost = Pick<Ablation, 'slower' | 'shapes' | 'ratio' | 'worst'>;

async function leaveOut(
  sql: Sql,
  { name: mechanism, without }: Mechanism,
  shapes: Shape[],
  { requests, limit }: { requests: number; limit: number },
): Promise<Lost> {
  const reader = await openedReader(sql);
  const other = without(reader);
  const measured: { name: string; with: number; without: number }[] = [];
  await sql`select set_config('statement_timeout', ${`${limit}`}, false)`;
  for (const { name, paths } of shapes) {
    const times: [number[], number[]] = [[], []];
    for (const path of paths.slice(0, requests)) {
      const read = (by: Reader) => readAlone(sql, by, path, limit);
      // The first execution plans the statement and warms the cache.
      const [first, second] = [await read(reader), await read(other)];
      if (first.answer !== second.answer && first.answer !== null && second.answer !== null)
        throw new Stop(`${path} has a different answer without this mechanism: ${mechanism}.`);
      times[0].push((await read(reader)).ms);
      times[1].push(second.answer === null ? limit : (await read(other)).ms);
    }
    measured.push({ name, with: quantile(times[0], 0.9), without: quantile(times[1], 0.9) });
  }
  await sql`select set_config('statement_timeout', '0', false)`;
  const slower = measured.filter((one) => one.without > 2 * one.with && one.without > one.with + 1);
  const logs = measured.map((one) => Math.log(one.without / one.with));
  const ratio = Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length);
  const worst = slower.sort((a, b) => b.without - a.without)[0] ?? null;
  return { slower: slower.length, shapes: shapes.length, ratio, worst };
}

/** Costs of a mechanism: bytes of its relations, µs that they add to a create, lines of its own files. */
async function costOf(sql: Sql, { relations, remove = [], files }: Mechanism, customers: number) {
  const [size] = await sql<{ bytes: number }[]>`
    select coalesce(sum(pg_relation_size(to_regclass(name))), 0)::float8 as bytes from unnest(${relations}::text[]) name`;
  let lines = 0;
  for (const file of files) lines += (await Bun.file(file).text()).split('\n').length - 1;
  if (relations.length === 0) return { bytes: 0, micros: 0, lines };
  // In pairs, because the speed of the machine varies.
  const saved: number[] = [];
  for (let round = 0; round < rounds; round++)
    saved.push((await creates(sql, [])) - (await creates(sql, remove)));
  return { bytes: size!.bytes / customers, micros: median(saved), lines };
}

const rounds = 7;

/** Mean microseconds of a create after some statements, in a transaction that is rolled back. */
async function creates(sql: Sql, before: string[]): Promise<number> {
  const times: number[] = [];
  const connection = await sql.reserve();
  try {
    await connection`begin`;
    for (const text of before) await connection.unsafe(text);
    for (let i = 0; i < 400; i++) {
      const began = performance.now();
      await connection`
        insert into customer (first_name, last_name, customer_id, phone_number)
        values ('Ada', 'Measured', ${crypto.randomUUID()}, ${`+491700${10_000 + i}`})`;
      times.push((performance.now() - began) * 1000);
    }
  } finally {
    await connection`rollback`;
    connection.release();
  }
  // The first creates compile the triggers. The rest are averaged, because occasionally one merges GIN's pending list.
  const counted = times.slice(100);
  return counted.reduce((sum, time) => sum + time, 0) / counted.length;
}

if (import.meta.main) await run(program);
