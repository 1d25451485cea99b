import { connect } from '../../src/server/database.ts';
import { usageOf } from '../children.ts';
import { closedLoop } from '../client/closed-loop.ts';
import { clientFloor, onBareServer } from '../client/floor.ts';
import { call } from '../client/wire.ts';
import { command, Stop, wholeNumber } from '../command.ts';
import { writeFigures } from '../figures.ts';
import { latency } from '../measure.ts';
import { progress } from '../progress.ts';
import { setStage } from '../stage.ts';
import { short } from '../table.ts';
import { comparisons } from './comparisons.ts';
import { type Contestant, openContest } from './contestants.ts';
import { buildGo } from './go.ts';
import { ratiosTable, turnsTable } from './print.ts';
import { ratioOf, type Turn } from './ratios.ts';

const usage = `Measures one page of twenty against what the machine allows: the same server with \`select 1\`, Go with pgx on
the same rows, a bare Bun.serve with the same bytes, a page at row 2 900 000 against the first, and what Redis saves and
a page that no cache has costs. In rounds, every
second one in reverse order; each ratio is taken within a round, and the median of the rounds counts.

  npm run bench -- pages [options]

  --customers N    rows in the databases that are made for it (default 3_000_000)
  --database NAME  measures NAME_optimized as it is, instead of making databases
  --rounds N       (default 6)
  --seconds S      of each contestant in each round (default 2)
  --users N        at the same time, each without a pause (default 16)
  --json FILE      where all figures go (default .data/bench/pages-DATE.json)
  --help

Exit code 1 when a goal does not hold.`;

async function main(values: Record<string, string | undefined>): Promise<number> {
  const number = (name: string, otherwise: number) => wholeNumber(name, values[name], otherwise);
  const [rounds, seconds, users] = [number('rounds', 6), number('seconds', 2), number('users', 16)];
  const started = new Date();
  const stage = await setStage(number('customers', 3_000_000), { existing: values.database });
  const go = await buildGo();
  const sql = connect(stage.services.postgres, `${stage.db}_optimized`, { pool: 1, statementTimeout: 0 });
  const { contestants, cachedBody, stop } = await openContest(stage, sql, 'path' in go ? go.path : null);
  await sql.end();
  const floor = await clientFloor(cachedBody, users);
  const turns = await onBareServer(cachedBody, (base, pid) => {
    const cpuSeconds = () => usageOf(pid)?.cpuSeconds ?? null;
    const all = [...contestants, { name: 'bare', base, calls: [call('/')], cpuSeconds }];
    return play(all, { rounds, seconds, users });
  });
  await stop();

  const ratios = comparisons.map((comparison) => ratioOf(comparison, turns));
  console.log(`${stage.customers.toLocaleString('en-US')} customers, ${users} users.`);
  console.log(`The client takes ${short(floor.clientMicros)} µs of processor time a request.\n`);
  console.log(`${turnsTable(turns)}\n\n${ratiosTable(ratios)}`);
  if ('missing' in go) console.log(`\n${go.missing}`);
  const settings = { customers: stage.customers, rounds, seconds, users };
  await writeFigures('pages', started, values.json, { settings, floor, ratios, turns });
  return ratios.every(({ holds }) => holds !== false) ? 0 : 1;
}

/** Seconds. A server that has answered some thousand times takes a third less for each answer than in its first second. */
const warmUp = 2;

/** Everybody once a round, every second round in reverse order. */
async function play(
  contestants: Contestant[],
  { rounds, seconds, users }: { rounds: number; seconds: number; users: number },
): Promise<Turn[]> {
  const turns: Turn[] = [];
  const bar = progress('Measuring pages');
  for (const one of contestants) await turn(one, { users, seconds: warmUp });
  for (let round = 1; round <= rounds; round++) {
    for (const one of round % 2 === 1 ? contestants : contestants.toReversed()) {
      bar.update(turns.length, rounds * contestants.length, `round ${round}, ${one.name}`);
      if (one.calls.length > 0) turns.push({ ...(await turn(one, { users, seconds })), round });
    }
  }
  bar.end(`${rounds} rounds`);
  return turns;
}

async function turn(
  contestant: Contestant,
  loop: { users: number; seconds: number },
): Promise<Omit<Turn, 'round'>> {
  const { name, base, calls, once, cpuSeconds } = contestant;
  const before = cpuSeconds();
  const requests = once ? calls.length : undefined;
  const { samples, failures, seconds } = await closedLoop(base, calls, { ...loop, requests });
  if (once) contestant.calls = calls.slice(samples.length);
  if (failures.length > 0)
    throw new Stop(`${name}: ${failures.length} failed, the first with ${failures[0]!.why}.`);
  const { p50, p99 } = latency(samples.map(({ ms }) => ms));
  const after = cpuSeconds();
  const cpu = before === null || after === null ? null : ((after - before) * 1e6) / samples.length;
  return { contestant: name, rate: samples.length / seconds, p50, p99, cpu };
}

const text = { type: 'string' } as const;
await command(
  usage,
  { customers: text, database: text, rounds: text, seconds: text, users: text, json: text },
  main,
  { takesNames: true },
);
