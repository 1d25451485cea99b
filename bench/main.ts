import { command, run, Stop } from '../src/cli/command.ts';
import * as option from '../src/cli/options.ts';
import { writeJson } from './figures.ts';
import { type Case, cases, runCase } from './latency/cases.ts';
import { get, type Latency } from './latency/measure.ts';
import { type RunningServer, rooms, startServer } from './servers.ts';
import { population, setStage } from './stage.ts';
import { short, table } from './table.ts';

interface Result {
  name: string;
  question: string;
  naive: Latency;
  optimized: Latency;
}

const names = Object.keys(cases);

const program = command(
  'bench',
  'Runs the micro-benchmarks with mitata: one request at a time over HTTP, with each answer read to its end.',
)
  .argument('[NAME...]', 'names of benchmarks (default: all)')
  .addOption(option.customers(100_000))
  .addOption(option.data)
  .addOption(option.budget(1_000))
  .addOption(
    option
      .oneOf(
        'cache',
        ['off', 'redis', 'full'],
        'cache of the optimized server; off measures its design alone',
      )
      .default('off'),
  )
  .addOption(option.json)
  .addHelpText(
    'after',
    `
${names.map((name) => `  ${name.padEnd(13)} ${cases[name]!.question}`).join('\n')}

Larger benchmarks with their own options (npm run bench -- NAME --help):
  shapes        every kind of request against its goal
  pages         one page against what the machine allows
  seeding       seeding against a plain COPY
  partitions    the read model in 1 to 16 partitions
  cost          the processor time of each kind of request
  orders        what the listing gains for another table`,
  )
  .action(async (wanted, { customers, data, budget, cache, json }) => {
    const unknown = wanted.find((name) => !names.includes(name));
    if (unknown) throw new Stop(`There is no benchmark "${unknown}". Benchmarks: ${names.join(', ')}.`);
    const stage = await setStage(customers, { data });
    const servers = await Promise.all(
      rooms.map((room) => startServer(room, { ...stage.environment, CACHE: cache })),
    );
    // The first request of a new process is slow. It must not count against the first benchmark.
    for (const { base } of servers) await get(`${base}/api/v1/customers`);

    console.log(`${population(stage)}; median of one request at a time, in ms\n`);
    const results: Result[] = [];
    for (const name of wanted.length > 0 ? wanted : names) {
      const one = cases[name]!;
      const [naive, optimized] = [await on(servers[0]!, one, budget), await on(servers[1]!, one, budget)];
      results.push({ name, question: one.question, naive, optimized });
      console.log(`${one.question}\n  naive ${line(naive)}\n  optimized ${line(optimized)}`);
    }
    const rows = results.map(({ name, naive, optimized }) => [
      ...[name, short(naive.p50), short(optimized.p50), `${short(naive.p50 / optimized.p50)}×`],
    ]);
    console.log(`\n${table([['median ms', 'naive', 'optimized', 'faster'], ...rows])}`);
    await writeJson(json, { customers, data, budget, cache, results });
  });

const on = ({ room, base }: RunningServer, one: Case, budget: number) =>
  runCase(one, { room, list: `${base}/api/v1/customers` }, budget);

const line = ({ p50, p95, max, count }: Latency) =>
  `p50 ${short(p50)}, p95 ${short(p95)}, slowest ${short(max)} (${count} samples)`;

/** Benchmarks with options of their own, loaded on demand: `bench -- shapes --help`. */
const suites: Record<string, () => Promise<{ program: Parameters<typeof run>[0] }>> = {
  shapes: () => import('./shapes/main.ts'),
  pages: () => import('./pages/main.ts'),
  seeding: () => import('./seeding/main.ts'),
  cost: () => import('./cost/main.ts'),
  partitions: () => import('./partitions/main.ts'),
  orders: () => import('./orders/main.ts'),
};

if (import.meta.main) {
  const suite = suites[process.argv[2] ?? ''];
  if (suite) process.argv.splice(2, 1);
  await run(suite ? (await suite()).program : program);
}
