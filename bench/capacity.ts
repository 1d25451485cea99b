import { dataMeaning, readData } from '../src/seed/index.ts';
import { findK6 } from '../src/services/k6.ts';
import { command, Stop, wholeNumber } from './command.ts';
import { type CapacityRound, capacityRound, type Mix, requestsOfMix } from './load/capacity.ts';
import { progress } from './progress.ts';
import { names } from './report/figures.ts';
import { turns } from './rounds.ts';
import { startServer } from './servers.ts';
import { population, setStage } from './stage.ts';
import { short, table } from './table.ts';
import { readVocabulary } from './vocabulary.ts';

const usage = `Measures how many requests a second a server takes and keeps a promise: 99 of 100 are answered in time.
They come at a constant rate by k6, whether or not earlier ones were answered, and each rate meets a new server. The
rate is doubled until the promise is broken, then narrowed down.

  npm run capacity [-- options]

  --limit MS      what "in time" means (default 1_000)
  --mix NAME      all (default), or lists: the same requests but for the searches
  --server NAME   naive, optimized or cached; all three unless given
  --seconds S     for each rate (default 10)
  --rounds N      every second one in reverse order (default 2)
  --customers N   rows in the databases that are made for it (default 100_000)
  --data NAME     ${dataMeaning}
  --json FILE     writes every step, with processor time and memory on one time axis
  --help`;

async function main(values: Record<string, string | undefined>): Promise<number> {
  const mix = (values.mix ?? 'all') as Mix;
  if (mix !== 'all' && mix !== 'lists') throw new Stop(`--mix ${mix}: it is all or lists.`);
  const who = (['naive', 'optimized', 'cached'] as const).filter(
    (name) => values.server === undefined || values.server === name,
  );
  if (who.length === 0) throw new Stop(`--server ${values.server}: it is naive, optimized or cached.`);
  const plan = {
    limit: wholeNumber('limit', values.limit, 1_000),
    seconds: wholeNumber('seconds', values.seconds, 10),
    ...{ steps: 14, grace: 10 },
  };
  const rounds = wholeNumber('rounds', values.rounds, 2);
  const customers = wholeNumber('customers', values.customers, 100_000);
  const data = readData(values.data);
  const k6 = await findK6();
  if ('missing' in k6) throw new Stop(k6.missing);

  const stage = await setStage(customers, { data });
  const server = await startServer('optimized', stage.environment);
  const requests = requestsOfMix(mix, 1, await readVocabulary(server.base));
  await server.stop();
  const bar = progress(`Capacity, 99 % within ${plan.limit} ms`);
  const all = turns(who, rounds);
  const results: CapacityRound[] = [];
  for (const [index, turn] of all.entries()) {
    const onStep = (rate: number) => bar.update(index, all.length, `${turn.contestant}: ${rate}/s`);
    results.push(await capacityRound(stage, k6.path, { mix, ...turn }, requests, plan, onStep));
  }
  bar.end(`${rounds} rounds`);
  console.log(`${population(stage)}`);
  for (const result of results) console.log(`\n${stepsTable(result)}`);
  if (values.json)
    await Bun.write(
      values.json,
      `${JSON.stringify({ customers, data, ...plan, rounds: results }, null, 1)}\n`,
    );
  return 0;
}

function stepsTable({ contestant, round, capacity, steps }: CapacityRound): string {
  const title = `${names[contestant]}, round ${round}: ${capacity === 0 ? 'none' : `${capacity}/s`}`;
  const head = [title, 'due', 'in time', 'dropped', 'cut off', 'failed', 'p50 ms', 'p99 ms'];
  const rows = steps.map((step) => [
    `${step.rate}/s ${step.kept ? 'kept' : 'broken'}`,
    ...[step.due, step.inTime, step.dropped, step.cutOff, step.failed].map(String),
    ...[short(step.p50), short(step.p99)],
  ]);
  return table([head, ...rows]);
}

if (import.meta.main) {
  const text = { type: 'string' } as const;
  const options = {
    ...{ limit: text, mix: text, server: text, seconds: text },
    ...{ rounds: text, customers: text, data: text, json: text },
  };
  await command(usage, options, main);
}
