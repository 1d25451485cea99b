import { command, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { connect } from '../../src/server/database.ts';
import { findK6 } from '../../src/services/k6.ts';
import { closedLoop, type Loop } from '../client/closed-loop.ts';
import { clientFloor } from '../client/floor.ts';
import { call } from '../client/wire.ts';
import { writeFigures } from '../figures.ts';
import { get } from '../latency/measure.ts';
import { listPath } from '../requests.ts';
import { type RunningServer, startServer } from '../servers.ts';
import { population, type Stage, setStage } from '../stage.ts';
import { readVocabulary, type Vocabulary } from '../vocabulary.ts';
import { catalogue } from './catalogue.ts';
import type { Check } from './checks/check.ts';
import { checksNamed } from './checks/index.ts';
import { combinationsName, measureCombinations } from './combinations.ts';
import { type MeasuredShape, measureShape } from './measured.ts';
import { checkLine, floorLine, head, planText, shapeLine, summary } from './print.ts';
import type { Shape } from './shape.ts';
import { explainSlowest } from './slowest.ts';

export const program = command(
  'bench -- shapes',
  'Measures every shape of list request on the optimized server without its cache, each on its own, against its goal; then loads, writes and start; then prints the slowest requests with their plans. Exit code 1 if a goal does not hold.',
)
  .addOption(option.customers(3_000_000))
  .addOption(option.data)
  .addOption(option.database)
  .addOption(option.only)
  .addOption(option.pairs)
  .addOption(option.cold)
  .addOption(option.users(8))
  .addOption(option.seconds(2, 'seconds per shape'))
  .addOption(option.requestsOfEach)
  .addOption(option.combinations(10_000))
  .addOption(option.load(30))
  .addOption(option.plans(5))
  .addOption(option.seed(1))
  .addOption(option.json)
  .addHelpText(
    'after',
    `\nExamples for --only: "sort: points", "filter: city", "hard", "deep", "load", "writes". With --database, the rows that the
writes create are deleted at their end, but not if they are interrupted.`,
  )
  .action(
    async ({
      customers,
      data,
      database,
      only = '',
      pairs = false,
      cold = false,
      users,
      seconds,
      requests,
      plans,
      json,
      ...more
    }) => {
      const loop = requests === undefined ? { users, seconds } : { users, requests };
      const started = new Date();
      const stage = await setStage(customers, { data, existing: database });
      const settings = { ...more, customers, data: stage.data, only, pairs, users, loop };
      const sql = connect(stage.services.postgres, `${stage.db}_optimized`, { pool: 1, statementTimeout: 0 });
      const server = await startServer('optimized', { ...stage.environment, CACHE: 'off' });
      const vocabulary = await readVocabulary(server.base, 1_000);
      const shapes = await catalogue(server.base, sql, vocabulary, settings);
      const chosen = checksNamed(only, cold);
      const combined = combinationsName.includes(only);
      if (shapes.length + chosen.length === 0 && !combined)
        throw new Stop(`No shape or check has "${only}" in its name.`);

      const page = await get(server.base + listPath);
      const floor = await clientFloor(new TextDecoder().decode(page), users);
      console.log(`${population(stage)}. ${floorLine(floor, users)}\n`);
      const measured = await measureShapes(server, shapes, settings, combined ? vocabulary : null);
      const explained = await explainSlowest(stage, measured, plans);
      const needed = only !== '' && chosen.some(({ ofAllShapes }) => ofAllShapes);
      const everything = { ...settings, only: '' };
      const all = needed ? await catalogue(server.base, sql, vocabulary, everything) : shapes;
      await server.stop();
      const checks = await makeChecks(chosen, stage, all, vocabulary, settings);

      if (measured.length > 0) console.log(`\n${summary(measured)}\n`);
      for (const { path, ms, plans } of explained) console.log(`${planText(path, ms, plans)}\n`);
      const about = { customers: stage.customers, data: stage.data, settings, floor };
      await writeFigures('shapes', started, json, { ...about, shapes: measured, checks, slowest: explained });
      await sql.end();
      if (measured.some(({ holds }) => !holds) || checks.some(({ holds }) => holds === false))
        process.exitCode = 1;
    },
  );

/** How much is measured. */
interface Settings {
  users: number;
  /** For each shape. */
  loop: Loop;
  combinations: number;
  /** Seconds. */
  load: number;
  seed: number;
}

/** Measures each shape, then the combinations if there is a vocabulary for them. Prints each as soon as it is measured. */
async function measureShapes(
  server: RunningServer,
  shapes: Shape[],
  { users, loop, combinations, seed }: Settings,
  vocabulary: Vocabulary | null,
): Promise<MeasuredShape[]> {
  const measured: MeasuredShape[] = [];
  const keep = (one: MeasuredShape) => {
    server.assertAlive();
    measured.push(one);
    console.log(shapeLine(one));
  };
  if (shapes.length > 0 || vocabulary) console.log(head());
  // Warm-up: a new process is slow at first, which would count against the first shape.
  await closedLoop(server.base, [call(listPath)], { users, seconds: 1 });
  for (const shape of shapes) keep(await measureShape(server.base, shape, loop));
  if (vocabulary) {
    for await (const one of measureCombinations(server.base, vocabulary, {
      count: combinations,
      seed,
      users,
    }))
      keep(one);
  }
  return measured;
}

async function makeChecks(
  chosen: ReturnType<typeof checksNamed>,
  stage: Stage,
  shapes: Shape[],
  vocabulary: Vocabulary,
  { seed, load: seconds }: Settings,
): Promise<Check[]> {
  const k6 = await findK6();
  const checks: Check[] = [];
  for (const { make } of chosen) {
    const found = await make({ stage, shapes, vocabulary, seed, k6, seconds });
    for (const one of found) console.log(checkLine(one));
    checks.push(...found);
  }
  return checks;
}
