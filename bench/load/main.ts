import { command, run, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { mixedRequests } from '../generate/mixed.ts';
import { progress } from '../progress.ts';
import { rooms, startServer } from '../servers.ts';
import { population, setStage } from '../stage.ts';
import { table } from '../table.ts';
import { readVocabulary } from '../vocabulary.ts';
import { type LoadResult, neededK6, runK6, type Scenario, writeList } from './run.ts';

const program = command('load', 'Puts load on a server with k6 and prints rates and latencies.')
  .addOption(
    option
      .oneOf(
        'scenario',
        ['seed', 'mixed'],
        'seed: a ramp of users who request four lists, one second apart; mixed: users who send generated requests without pauses',
      )
      .default('seed' as Scenario),
  )
  .addOption(option.server('naive, optimized, both, or the address of any running server').default('both'))
  .option('--users <N>', 'concurrent users (default: 50 in seed, 8 in mixed)', option.numberOf('users'))
  .option('--duration <S>', 'seconds (default: 120 in seed, 30 in mixed)', option.numberOf('duration'))
  .addOption(option.customers(100_000))
  .addOption(option.data)
  .addOption(option.seed(1))
  .addHelpText(
    'after',
    '\nExit code 1 if a threshold is crossed: 1 % of the requests failed, or the slowest 5 % took a second (seed).',
  )
  .action(async ({ scenario, server, customers, data, seed, ...given }) => {
    const users = given.users ?? (scenario === 'seed' ? 50 : 8);
    const seconds = given.duration ?? (scenario === 'seed' ? 120 : 30);
    const chosen = rooms.filter((room) => server === 'both' || server === room);
    if (chosen.length === 0 && !URL.canParse(server))
      throw new Stop(`--server ${server} cannot be used: it takes naive, optimized, both or an address.`);
    const settings = { k6: await neededK6(), scenario, users, seconds, seed };
    const codes: number[] = [];
    if (chosen.length === 0) codes.push(report(server, await load(server.replace(/\/+$/, ''), settings)));
    else {
      const stage = await setStage(customers, { data });
      console.log(`On ${population(stage)}.`);
      for (const room of chosen) {
        const running = await startServer(room, stage.environment);
        codes.push(report(room, await load(running.base, settings)));
        running.assertAlive();
        await running.stop();
      }
    }
    process.exitCode = Math.max(...codes);
  });

interface Settings {
  k6: string;
  scenario: Scenario;
  users: number;
  seconds: number;
  seed: number;
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
  if (cutOff > 0) console.log(`${cutOff} requests were still unanswered at the end and are not counted.`);
  if (crossed.length > 0) console.log(`Thresholds crossed: ${crossed.join(', ')}`);
  return crossed.length > 0 ? 1 : 0;
}

if (import.meta.main) await run(program);
