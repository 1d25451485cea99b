import { command, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { connect } from '../../src/server/database.ts';
import { closedLoop } from '../client/closed-loop.ts';
import { clientFloor, onBareServer } from '../client/floor.ts';
import { call } from '../client/wire.ts';
import { writeFigures } from '../figures.ts';
import { latency } from '../latency/measure.ts';
import { cpuSecondsOfFamily, databaseProcess, usageOf } from '../processes.ts';
import { progress } from '../progress.ts';
import { population, setStage } from '../stage.ts';
import { short } from '../table.ts';
import { comparisons } from './comparisons.ts';
import { type Contestant, openContest } from './contestants.ts';
import { buildGo } from './go.ts';
import { ratiosTable, turnsTable } from './print.ts';
import { ratioOf, type Turn } from './ratios.ts';

export const program = command(
  'bench -- pages',
  'Measures one page of twenty against what the machine allows: the same server with `select 1`, Go with pgx on the same rows, a bare Bun.serve with the same bytes, and a page at row 2 900 000 against the first; also what Redis saves, and what a cache miss costs. Each ratio is taken within a round; the median of the rounds counts. Exit code 1 if a goal does not hold.',
)
  .addOption(option.customers(3_000_000))
  .addOption(option.data)
  .addOption(option.database)
  .addOption(option.rounds(6))
  .addOption(option.seconds(2, 'seconds per contestant and round'))
  .addOption(option.users(16))
  .addOption(option.json)
  .action(async ({ customers, data, database, rounds, seconds, users, json }) => {
    const started = new Date();
    const stage = await setStage(customers, { data, existing: database });
    const go = await buildGo();
    const sql = connect(stage.services.postgres, `${stage.db}_optimized`, { pool: 1, statementTimeout: 0 });
    const { contestants, cachedBody, stop } = await openContest(stage, sql, 'path' in go ? go.path : null);
    const postgres = await databaseProcess(sql);
    await sql.end();
    const floor = await clientFloor(cachedBody, users);
    const turns = await onBareServer(cachedBody, (base, pid) => {
      const cpuSeconds = () => usageOf(pid)?.cpuSeconds ?? null;
      const all = [...contestants, { name: 'bare', base, calls: [call('/')], cpuSeconds }];
      return play(all, { rounds, seconds, users }, () => postgres && cpuSecondsOfFamily(postgres));
    });
    await stop();

    const ratios = comparisons.map((comparison) => ratioOf(comparison, turns));
    console.log(`${population(stage)}, ${users} users.`);
    console.log(`The client takes ${short(floor.clientMicros)} µs of processor time per request.\n`);
    console.log(`${turnsTable(turns)}\n\n${ratiosTable(ratios)}`);
    if ('missing' in go) console.log(`\n${go.missing}`);
    const settings = { customers: stage.customers, data: stage.data, rounds, seconds, users };
    await writeFigures('pages', started, json, { settings, floor, ratios, turns });
    if (ratios.some(({ holds }) => holds === false)) process.exitCode = 1;
  });

/** Seconds. After some thousand answers a server takes a third less time per answer than in its first second. */
const warmUp = 2;

/** Each contestant once a round, every second round in reverse order. */
async function play(
  contestants: Contestant[],
  { rounds, seconds, users }: { rounds: number; seconds: number; users: number },
  database: () => number | null,
): Promise<Turn[]> {
  const turns: Turn[] = [];
  const bar = progress('Measuring pages');
  for (const one of contestants) await turn(one, { users, seconds: warmUp }, database);
  for (let round = 1; round <= rounds; round++) {
    for (const one of round % 2 === 1 ? contestants : contestants.toReversed()) {
      bar.update(turns.length, rounds * contestants.length, `round ${round}, ${one.name}`);
      if (one.calls.length > 0) turns.push({ ...(await turn(one, { users, seconds }, database)), round });
    }
  }
  bar.end(`${rounds} rounds`);
  return turns;
}

async function turn(
  contestant: Contestant,
  loop: { users: number; seconds: number },
  database: () => number | null,
): Promise<Omit<Turn, 'round'>> {
  const { name, base, calls, once, cpuSeconds } = contestant;
  const before = [cpuSeconds(), database()];
  const requests = once ? calls.length : undefined;
  const { samples, failures, seconds, clientMicros } = await closedLoop(base, calls, { ...loop, requests });
  if (once) contestant.calls = calls.slice(samples.length);
  if (failures.length > 0)
    throw new Stop(`${name}: ${failures.length} failed, the first with ${failures[0]!.why}.`);
  const { p50, p99 } = latency(samples.map(({ ms }) => ms));
  const [cpu = null, inDatabase = null] = [cpuSeconds(), database()].map((after, part) => {
    const start = before[part] ?? null;
    return start === null || after === null ? null : ((after - start) * 1e6) / samples.length;
  });
  const micros = { cpu, database: inDatabase, client: clientMicros };
  return { contestant: name, rate: samples.length / seconds, p50, p99, ...micros };
}
