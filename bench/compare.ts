import { mkdir } from 'node:fs/promises';
import { findK6 } from '../src/services/k6.ts';
import { command, wholeNumber } from './command.ts';
import { shapes } from './generate/mix.ts';
import type { Job } from './latency.ts';
import { writeList } from './load/run.ts';
import { commit, machine, packageVersions, versions } from './machine.ts';
import { cases } from './micro/index.ts';
import { mixedRequests, requestsOf } from './mixed.ts';
import { type Plan, planFor } from './plan.ts';
import { progress } from './progress.ts';
import { prove } from './prove.ts';
import { buildReport } from './report/build.ts';
import type { Contestant, LatencyRound, LoadRound, Results } from './report/results.ts';
import { latencyRound, loadRound, turns } from './rounds.ts';
import { type Stage, setStage } from './stage.ts';
import { summary } from './summary.ts';
import type { Vocabulary } from './vocabulary.ts';

const usage = `The main job: builds everything that is missing, proves that both servers give the same answers,
measures both, and writes a report.

  npm run compare -- [options]

  --customers N   rows in the databases that are made for it (default 100_000)
  --quick         less of everything: within three minutes instead of ten
  --seed N        other requests (default 1)
  --help

Results go to bench/results/DATE: results.json with every round, and report.html.`;

async function main(values: { customers?: string; quick?: boolean; seed?: string }): Promise<number> {
  const started = new Date();
  const plan = planFor(wholeNumber('customers', values.customers, 100_000), values.quick ?? false);
  const seed = wholeNumber('seed', values.seed, 1, 0);
  const stage = await setStage(plan.customers);
  const k6 = await findK6();
  const k6Path = 'path' in k6 ? k6.path : null;

  const { equality, vocabulary } = await prove(stage, plan, seed);
  const latencies = await measureLatencies(stage, plan, jobOf(plan, seed, vocabulary));
  const loads = k6Path === null ? [] : await measureLoads(stage, plan, k6Path, seed, vocabulary);

  const results: Results = {
    version: 1,
    started: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1000),
    machine: machine(),
    versions: await versions(stage.services, k6Path),
    packages: packageVersions(),
    commit: commit(),
    settings: { ...plan, cases: plan.cases.join(', '), seed },
    equality,
    shapes: shapes.map(({ name, why }) => ({ name, why, example: examplePath(name, seed, vocabulary) })),
    cases: plan.cases.map((name) => ({ name, question: cases[name]!.question })),
    latencies,
    loads,
    missing: ['missing' in k6 ? `No load test: ${k6.missing}` : '', redisGap(stage)].filter(Boolean),
  };
  console.log(summary(results));
  const folder = await write(results);
  console.log(`\nResults: ${folder}/results.json\nReport:  ${folder}/report.html`);
  return 0;
}

const redisGap = ({ services }: Stage) =>
  services.redis ? '' : `The cache is the server's own memory alone: ${services.redisMissing}`;

/** The folder is named after the minute, UTC: `2026-11-22T17-05`. */
async function write(results: Results): Promise<string> {
  const folder = `bench/results/${results.started.slice(0, 16).replace(':', '-')}`;
  await mkdir(folder, { recursive: true });
  await Bun.write(`${folder}/results.json`, `${JSON.stringify(results, null, 1)}\n`);
  await Bun.write(`${folder}/report.html`, buildReport(results));
  return folder;
}

const jobOf = (plan: Plan, seed: number, vocabulary: Vocabulary): Omit<Job, 'base' | 'room'> => ({
  shapes: shapes.map((shape) => ({
    shape: shape.name,
    paths: requestsOf(shape, seed, vocabulary, plan.perShape).map(({ path }) => path),
  })),
  cases: plan.cases,
  budget: plan.budget,
});

const examplePath = (name: string, seed: number, vocabulary: Vocabulary) =>
  requestsOf(shapes.find((shape) => shape.name === name)!, seed, vocabulary, 1)[0]!.path;

async function measureLatencies(
  { environment }: Stage,
  plan: Plan,
  job: Omit<Job, 'base' | 'room'>,
): Promise<LatencyRound[]> {
  const all = turns(['naive', 'optimized', 'cached'], plan.rounds);
  const bar = progress('Measuring with mitata');
  const measured: LatencyRound[] = [];
  for (const [index, turn] of all.entries()) {
    const own = plan.slowOnce ? withoutSlow(job, turn.contestant, measured) : job;
    const steps = own.shapes.length + own.cases.length;
    let done = 0;
    const onLine = ({ name }: { name: string }) => {
      bar.update(index + ++done / steps, all.length, `${turn.contestant}, round ${turn.round}: ${name}`);
    };
    const patient = { ...environment, STATEMENT_TIMEOUT: '0' };
    measured.push(...(await latencyRound(turn, patient, own, onLine)));
  }
  bar.end(`${plan.rounds} rounds`);
  return measured;
}

/** The job without the shapes that took this contestant two seconds in an earlier round. */
function withoutSlow(job: Omit<Job, 'base' | 'room'>, contestant: Contestant, measured: LatencyRound[]) {
  const slow = measured.filter((round) => round.contestant === contestant && round.latency.p50 > 2_000);
  return { ...job, shapes: job.shapes.filter(({ shape }) => !slow.some(({ name }) => name === shape)) };
}

async function measureLoads(
  { environment }: Stage,
  plan: Plan,
  k6: string,
  seed: number,
  vocabulary: Vocabulary,
): Promise<LoadRound[]> {
  const list = await writeList(mixedRequests(seed, vocabulary, 5_000));
  const mixed = { LIST: list, SECONDS: `${plan.mixedSeconds}` };
  const grace = { GRACE: `${plan.grace}` };
  const runs = [
    ...turns(['naive', 'optimized', 'cached'], plan.rounds).map((turn) => ({
      turn,
      scenario: 'mixed' as const,
    })),
    ...(plan.seedSeconds > 0 ? turns(['naive', 'cached'], plan.rounds) : []).map((turn) => ({
      turn,
      scenario: 'seed' as const,
    })),
  ];
  const bar = progress('Load by k6');
  const rounds: LoadRound[] = [];
  for (const [index, { turn, scenario }] of runs.entries()) {
    const users = scenario === 'mixed' ? plan.mixedUsers : plan.seedUsers;
    bar.update(index, runs.length, `${scenario} on ${turn.contestant}, round ${turn.round}`);
    const settings = scenario === 'mixed' ? mixed : { SCALE: `${plan.seedSeconds / 120}` };
    rounds.push(
      await loadRound(turn, environment, { k6, scenario, users, settings: { ...settings, ...grace } }),
    );
  }
  bar.end(`${plan.rounds} rounds`);
  return rounds;
}

if (import.meta.main) {
  const options = {
    customers: { type: 'string' },
    quick: { type: 'boolean' },
    seed: { type: 'string' },
  } as const;
  await command(usage, options, main);
}
