import { mkdir } from 'node:fs/promises';
import { command, run } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { findK6 } from '../../src/services/k6.ts';
import type { Outcome } from '../equality/main.ts';
import { prove } from '../equality/prove.ts';
import { shapes } from '../generate/mix.ts';
import { requestsOf } from '../generate/mixed.ts';
import { cases } from '../latency/cases.ts';
import { commit, databaseBytes, machine, packageVersions, versions } from '../machine.ts';
import { buildReport } from '../report/build.ts';
import { endedEarly, type Results, resultsText } from '../report/results.ts';
import { population, type Stage, setStage } from '../stage.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { climbLadder, measureCapacity, measureGrowth, measureLatencies, measureLoads } from './measuring.ts';
import { type Plan, planFor } from './plan.ts';
import { summary } from './summary.ts';

const program = command(
  'compare',
  'Builds everything that is missing, proves that both servers give equal answers, measures both, and writes a report.',
)
  .addOption(option.customers(100_000))
  .addOption(option.data)
  .addOption(option.quick)
  .addOption(option.seed(1))
  .option('--into <NAME>', 'name of the folder in bench/results (default: the minute of the start)')
  .addHelpText(
    'after',
    `\nResults go to bench/results/DATE: results.json with every round, and report.html. They are written after each stage, so
an interrupted run keeps what it has measured.`,
  )
  .action(async ({ customers, data, quick, seed, into }) => {
    const started = new Date();
    const plan = planFor(customers, quick ?? false, data);
    const found = await findK6();
    const k6 = 'path' in found ? found.path : null;

    say('Stage 1 of 7: the databases');
    const stage = await setStage(plan.customers, { data });
    const { services } = stage;
    say('Stage 2 of 7: equal answers');
    const { equality, vocabulary } = await prove(stage, plan, seed);
    const results = await resultsOf(stage, plan, { started, k6, seed, equality, vocabulary });

    results.missing = [
      'missing' in found ? `No load test: ${found.missing}` : '',
      services.redis ? '' : `The cache uses only the server's own memory: ${services.redisMissing}`,
    ].filter(Boolean);

    const stages: Stages = {
      latency: async () => ({ latencies: await measureLatencies(stage, plan, seed, vocabulary) }),
      ladder: async () => ({ ladder: await climbLadder(stage, plan) }),
      sweep: async () => ({ sweep: await measureGrowth(plan, seed) }),
      capacity: async () => ({
        capacity: k6 ? await measureCapacity(stage, plan, k6, seed, vocabulary) : [],
      }),
      load: async () => ({ loads: k6 ? await measureLoads(stage, plan, k6) : [] }),
    };
    // The default is the minute in UTC: `2026-11-22T17-05`.
    const name = into ?? results.started.slice(0, 16).replace(':', '-');
    const folder = await inStages(results, stages, (now) => write(now, `bench/results/${name}`));
    console.log(
      `\n${population(stage)}\n\n${summary(results)}\n\nResults: ${folder}/results.json\nReport:  ${folder}/report.html`,
    );
  });

const say = (line: string) => process.stderr.write(`${line}\n`);

type Stages = Record<string, () => Promise<Partial<Results>>>;

/**
 * Measures stage by stage. After each stage it writes the results so far, with a note on the missing stages, so that an
 * interrupted run keeps them. Returns the folder.
 */
export async function inStages(
  results: Results,
  stages: Stages,
  write: (results: Results) => Promise<string>,
): Promise<string> {
  const began = Date.parse(results.started);
  const names = Object.keys(stages);
  const { missing } = results;
  let folder = '';
  for (const [index, name] of names.entries()) {
    say(`Stage ${index + 3} of ${names.length + 2}: ${name}`);
    Object.assign(results, await stages[name]!());
    const left = names.slice(index + 1);
    results.missing = left.length > 0 ? [...missing, `${endedEarly}, without ${left.join(', ')}.`] : missing;
    results.seconds = Math.round((Date.now() - began) / 1000);
    folder = await write(results);
    if (left.length > 0) say(`Saved so far: ${folder}`);
  }
  return folder;
}

interface Begun {
  started: Date;
  k6: string | null;
  seed: number;
  equality: Outcome;
  vocabulary: Vocabulary;
}

/** The results before any measurement. */
async function resultsOf(
  stage: Stage,
  plan: Plan,
  { started, k6, seed, equality, vocabulary }: Begun,
): Promise<Results> {
  return {
    version: 2,
    started: started.toISOString(),
    seconds: 0,
    machine: machine(),
    versions: await versions(stage.services, k6),
    packages: packageVersions(),
    commit: commit(),
    settings: settingsOf(plan, seed),
    equality,
    shapes: shapes.map(({ name }) => ({ name, example: examplePath(name, seed, vocabulary) })),
    cases: plan.cases.map((name) => ({ name, question: cases[name]!.question })),
    ...{ latencies: [], loads: [], capacity: [], ladder: [], sweep: [], missing: [] },
    databases: await databaseBytes(stage),
  };
}

async function write(results: Results, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await Bun.write(`${folder}/results.json`, resultsText(results));
  await Bun.write(`${folder}/report.html`, buildReport(results));
  return folder;
}

function settingsOf({ cases, capacity, ladder, sweep, ...plan }: Plan, seed: number): Results['settings'] {
  const mixes = capacity.mixes.map(({ mix, who }) => `${mix} (${who.join(', ')})`).join(', ');
  const prefixed = (prefix: string, values: object) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
  return {
    ...plan,
    ...{ cases: cases.join(', '), seed },
    ...prefixed('capacity', { ...capacity, mixes }),
    ...prefixed('ladder', ladder),
    ...prefixed('sweep', { ...sweep, sizes: sweep.sizes.join(', ') }),
  };
}

const examplePath = (name: string, seed: number, vocabulary: Vocabulary) =>
  requestsOf(shapes.find((shape) => shape.name === name)!, seed, vocabulary, 1)[0]!.path;

if (import.meta.main) await run(program);
