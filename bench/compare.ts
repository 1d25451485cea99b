import { mkdir } from 'node:fs/promises';
import { findK6 } from '../src/services/k6.ts';
import { command, wholeNumber } from './command.ts';
import { shapes } from './generate/mix.ts';
import type { Job } from './latency.ts';
import { commit, databaseBytes, machine, packageVersions, versions } from './machine.ts';
import { climbLadder, measureCapacity, measureLatencies, measureLoads } from './measuring.ts';
import { cases } from './micro/index.ts';
import { requestsOf } from './mixed.ts';
import { type Plan, planFor } from './plan.ts';
import { prove } from './prove.ts';
import { buildReport } from './report/build.ts';
import { type Results, resultsText } from './report/results.ts';
import { type Stage, setStage } from './stage.ts';
import { summary } from './summary.ts';
import type { Vocabulary } from './vocabulary.ts';

const usage = `The main job: builds everything that is missing, proves that both servers give the same answers,
measures both, and writes a report.

  npm run compare -- [options]

  --customers N   rows in the databases that are made for it (default 100_000)
  --quick         less of everything: within four minutes instead of fifteen
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
  const ladder = await climbLadder(stage, plan);
  const capacity = k6Path === null ? [] : await measureCapacity(stage, plan, k6Path, seed, vocabulary);
  const loads = k6Path === null ? [] : await measureLoads(stage, plan, k6Path);

  const results: Results = {
    version: 2,
    started: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1000),
    machine: machine(),
    versions: await versions(stage.services, k6Path),
    packages: packageVersions(),
    commit: commit(),
    settings: settingsOf(plan, seed),
    equality,
    shapes: shapes.map(({ name, why }) => ({ name, why, example: examplePath(name, seed, vocabulary) })),
    cases: plan.cases.map((name) => ({ name, question: cases[name]!.question })),
    latencies,
    loads,
    capacity,
    ladder,
    databases: await databaseBytes(stage),
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
  await Bun.write(`${folder}/results.json`, resultsText(results));
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

function settingsOf({ cases, capacity, ladder, ...plan }: Plan, seed: number): Results['settings'] {
  const mixes = capacity.mixes.map(({ mix, who }) => `${mix} (${who.join(', ')})`).join(', ');
  const prefixed = (prefix: string, values: object) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
  return {
    ...plan,
    ...{ cases: cases.join(', '), seed },
    ...prefixed('capacity', { ...capacity, mixes }),
    ...prefixed('ladder', ladder),
  };
}

const examplePath = (name: string, seed: number, vocabulary: Vocabulary) =>
  requestsOf(shapes.find((shape) => shape.name === name)!, seed, vocabulary, 1)[0]!.path;

if (import.meta.main) {
  const options = {
    customers: { type: 'string' },
    quick: { type: 'boolean' },
    seed: { type: 'string' },
  } as const;
  await command(usage, options, main);
}
