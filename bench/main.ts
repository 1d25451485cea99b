import { dataMeaning, readData } from '../src/seed/index.ts';
import { command, Stop, wholeNumber } from './command.ts';
import { get, type Latency } from './measure.ts';
import type { Case } from './micro/case.ts';
import { cases, runCase } from './micro/index.ts';
import { type RunningServer, rooms, startServer } from './servers.ts';
import { population, setStage } from './stage.ts';
import { short, table } from './table.ts';

const usage = `Runs the micro-benchmarks with mitata: one request at a time, over HTTP, awaited and read to its end.

  npm run bench [-- NAME... options]

${Object.entries(cases)
  .map(([name, { question }]) => `  ${name.padEnd(13)} ${question}`)
  .join('\n')}

There are larger ones with options of their own (bench -- NAME --help): shapes, every kind of request against its goal;
pages, one page against what the machine allows; seeding, against a plain COPY.

  --customers N   rows in the databases that are made for it (default 100_000)
  --data NAME     ${dataMeaning}
  --budget MS     milliseconds to measure each for (default 1_000); a slower call is made once
  --cache MODE    of the optimized server: off (default: what its design is worth), redis or full
  --json FILE     writes all figures to a file
  --help`;

interface Result {
  name: string;
  question: string;
  naive: Latency;
  optimized: Latency;
}

async function main(values: Record<string, string | undefined>, names: string[]): Promise<number> {
  const unknown = names.find((name) => !Object.hasOwn(cases, name));
  if (unknown)
    throw new Stop(`There is no benchmark "${unknown}": there are ${Object.keys(cases).join(', ')}.`);
  const budget = wholeNumber('budget', values.budget, 1_000);
  const chosen = names.length > 0 ? names : Object.keys(cases);
  const data = readData(values.data);
  const stage = await setStage(wholeNumber('customers', values.customers, 100_000), { data });
  const { environment, customers } = stage;
  const servers = await Promise.all(
    rooms.map((room) => startServer(room, { ...environment, CACHE: values.cache ?? 'off' })),
  );
  // What a new process does first is slow; it shall not be the first benchmark's burden.
  for (const { base } of servers) await get(`${base}/api/v1/customers`);

  console.log(`${population(stage)}; median of one request at a time, in ms\n`);
  const results: Result[] = [];
  for (const name of chosen) {
    const one = cases[name]!;
    const [naive, optimized] = [await on(servers[0]!, one, budget), await on(servers[1]!, one, budget)];
    results.push({ name, question: one.question, naive, optimized });
    console.log(`${one.question}\n  naive ${line(naive)}\n  optimized ${line(optimized)}`);
  }
  const rows = results.map(({ name, naive, optimized }) => [
    ...[name, short(naive.p50), short(optimized.p50), `${short(naive.p50 / optimized.p50)}×`],
  ]);
  console.log(`\n${table([['median ms', 'naive', 'optimized', 'faster'], ...rows])}`);
  if (values.json)
    await Bun.write(
      values.json,
      `${JSON.stringify({ customers, data, budget, cache: values.cache ?? 'off', results }, null, 2)}\n`,
    );
  return 0;
}

const on = ({ room, base }: RunningServer, one: Case, budget: number) =>
  runCase(one, { room, list: `${base}/api/v1/customers` }, budget);

const line = ({ p50, p95, max, count }: Latency) =>
  `p50 ${short(p50)}, p95 ${short(p95)}, slowest ${short(max)} (${count} samples)`;

/** Benchmarks with options of their own: `bench -- shapes --help`. */
const suites: Record<string, () => Promise<unknown>> = {
  shapes: () => import('./shapes/main.ts'),
  pages: () => import('./pages/main.ts'),
  seeding: () => import('./seeding/main.ts'),
};

if (import.meta.main) {
  await suites[process.argv[2] ?? '']?.();
  const text = { type: 'string' } as const;
  await command(usage, { customers: text, data: text, budget: text, cache: text, json: text }, main, {
    takesNames: true,
  });
}
