import { dataMeaning, readData } from '../src/seed/index.ts';
import { findK6 } from '../src/services/k6.ts';
import { command, Stop, wholeNumber } from './command.ts';
import { type LoadResult, runK6, type Scenario, writeList } from './load/run.ts';
import { mixedRequests } from './mixed.ts';
import { progress } from './progress.ts';
import { type Room, rooms, startServer } from './servers.ts';
import { population, setStage } from './stage.ts';
import { table } from './table.ts';
import { readVocabulary } from './vocabulary.ts';

const usage = `Puts load on a server with k6, and shows rates and latencies.

  npm run load -- [options]

  --scenario NAME   seed (default): users come, look at four lists with a second between, and go, as in the
                    seed document; mixed: users who never pause and ask generated requests
  --server NAME     naive, optimized, both (default), or the address of any running server
  --users N         at the same time (default 50 in seed, 8 in mixed)
  --duration S      seconds (default 120 in seed, 30 in mixed)
  --customers N     rows in the databases that are made for it (default 100_000)
  --data NAME       ${dataMeaning}
  --seed N          other requests in mixed (default 1)
  --help

Exit code 1 when a threshold is crossed: 1 % of the requests failed, or the slowest 5 % took a second (seed).`;

interface Settings {
  k6: string;
  scenario: Scenario;
  users: number;
  seconds: number;
  seed: number;
}

async function main(values: Record<string, string | undefined>): Promise<number> {
  const scenario = values.scenario ?? 'seed';
  if (scenario !== 'seed' && scenario !== 'mixed')
    throw new Stop(`--scenario ${scenario}: it is seed or mixed.`);
  const settings = {
    scenario,
    users: wholeNumber('users', values.users, scenario === 'seed' ? 50 : 8),
    seconds: wholeNumber('duration', values.duration, scenario === 'seed' ? 120 : 30),
    seed: wholeNumber('seed', values.seed, 1, 0),
  } as const;
  const server = values.server ?? 'both';
  const customers = wholeNumber('customers', values.customers, 100_000);
  const data = readData(values.data);
  const known = server === 'both' || (rooms as readonly string[]).includes(server);
  if (!known && !URL.canParse(server))
    throw new Stop(`--server ${server}: it is naive, optimized, both or an address.`);

  const k6 = await findK6();
  if ('missing' in k6) throw new Stop(k6.missing);
  const all = { ...settings, k6: k6.path };
  if (!known) return report(server, await load(server.replace(/\/+$/, ''), all));

  const stage = await setStage(customers, { data });
  console.log(`On ${population(stage)}.`);
  let code = 0;
  for (const room of server === 'both' ? rooms : [server as Room]) {
    const running = await startServer(room, stage.environment);
    code = Math.max(code, report(room, await load(running.base, all)));
    running.assertAlive();
    await running.stop();
  }
  return code;
}

async function load(base: string, { k6, scenario, users, seconds, seed }: Settings): Promise<LoadResult> {
  const vocabulary = await readVocabulary(base);
  const bar = progress(`${scenario} load on ${base}`);
  const began = performance.now();
  const ticking = setInterval(() => bar.update((performance.now() - began) / 1000, seconds), 1000);
  const asked: Record<string, string> =
    scenario === 'mixed'
      ? { LIST: await writeList(mixedRequests(seed, vocabulary, 5_000)) }
      : { SCALE: `${seconds / 120}` };
  try {
    return await runK6(k6, scenario, { BASE: base, USERS: `${users}`, SECONDS: `${seconds}`, ...asked });
  } finally {
    clearInterval(ticking);
    bar.end(`done in ${Math.round((performance.now() - began) / 1000)} s`);
  }
}

function report(server: string, { latency, failed, rate, cutOff, shapes, crossed }: LoadResult): number {
  const ms = (value: number) => value.toFixed(1);
  const row = (name: string, of: LoadResult['latency'], share: number) => [
    ...[name, `${of.count}`, ms(of.p50), ms(of.p95), ms(of.p99), `${(share * 100).toFixed(1)} %`],
  ];
  const rows = Object.entries(shapes).map(([name, shape]) => row(name, shape.latency, shape.failed));
  const head = [server, 'requests', 'p50 ms', 'p95 ms', 'p99 ms', 'failed'];
  console.log(table([head, ...rows, row(`all, ${ms(rate)}/s`, latency, failed)]));
  if (cutOff > 0)
    console.log(`${cutOff} requests were still without an answer at the end, and are not counted.`);
  if (crossed.length > 0) console.log(`Thresholds crossed: ${crossed.join(', ')}`);
  return crossed.length > 0 ? 1 : 0;
}

if (import.meta.main) {
  const text = { type: 'string' } as const;
  const options = {
    scenario: text,
    server: text,
    users: text,
    duration: text,
    customers: text,
    data: text,
    seed: text,
  };
  await command(usage, options, main);
}
