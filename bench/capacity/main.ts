import { command, run } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { turns } from '../compare/rounds.ts';
import { writeJson } from '../figures.ts';
import { neededK6 } from '../load/run.ts';
import { progress } from '../progress.ts';
import { names } from '../report/figures.ts';
import { startServer } from '../servers.ts';
import { population, setStage } from '../stage.ts';
import { short, table } from '../table.ts';
import { readVocabulary } from '../vocabulary.ts';
import { type CapacityRound, capacityRound, type Mix, requestsOfMix } from './round.ts';

const program = command(
  'capacity',
  'Measures the highest rate of requests at which a server answers 99 of 100 in time. k6 sends them at a constant rate, whether or not earlier ones have been answered. Each rate runs on a new server. The rate doubles until the server misses this objective; the interval is then narrowed.',
)
  .addOption(option.limit(1_000))
  .addOption(
    option
      .oneOf('mix', ['all', 'lists'], 'kinds of requests; lists: all except the searches')
      .default('all' as Mix),
  )
  .addOption(
    option.oneOf('server', ['naive', 'optimized', 'cached'], 'server to measure (default: all three)'),
  )
  .addOption(option.seconds(10, 'seconds per rate'))
  .addOption(option.rounds(2))
  .addOption(option.customers(100_000))
  .addOption(option.data)
  .addOption(option.json)
  .action(async ({ limit, mix, server, seconds, rounds, customers, data, json }) => {
    const who = server ? [server] : (['naive', 'optimized', 'cached'] as const);
    const plan = { limit, seconds, steps: 14, grace: 10 };
    const k6 = await neededK6();
    const stage = await setStage(customers, { data });
    const asked = await startServer('optimized', stage.environment);
    const requests = requestsOfMix(mix, 1, await readVocabulary(asked.base));
    await asked.stop();
    const bar = progress(`Capacity, 99 % within ${limit} ms`);
    const all = turns(who, rounds);
    const results: CapacityRound[] = [];
    for (const [index, turn] of all.entries()) {
      const onStep = (rate: number) => bar.update(index, all.length, `${turn.contestant}: ${rate}/s`);
      results.push(await capacityRound(stage, k6, { mix, ...turn }, requests, plan, onStep));
    }
    bar.end(`${rounds} rounds`);
    console.log(population(stage));
    for (const result of results) console.log(`\n${stepsTable(result)}`);
    await writeJson(json, { customers, data, ...plan, rounds: results });
  });

function stepsTable({ contestant, round, capacity, steps }: CapacityRound): string {
  const title = `${names[contestant]}, round ${round}: ${capacity === 0 ? 'none' : `${capacity}/s`}`;
  const head = [title, 'due', 'in time', 'dropped', 'cut off', 'failed', 'p50 ms', 'p99 ms'];
  const rows = steps.map((step) => [
    `${step.rate}/s ${step.kept ? 'met' : 'missed'}`,
    ...[step.due, step.inTime, step.dropped, step.cutOff, step.failed].map(String),
    ...[short(step.p50), short(step.p99)],
  ]);
  return table([head, ...rows]);
}

if (import.meta.main) await run(program);
