import { connect } from '../../src/server/database.ts';
import { findK6 } from '../../src/services/k6.ts';
import { closedLoop } from '../client/closed-loop.ts';
import { clientFloor } from '../client/floor.ts';
import { call } from '../client/wire.ts';
import { command, Stop } from '../command.ts';
import { writeFigures } from '../figures.ts';
import { get } from '../measure.ts';
import { listPath } from '../requests.ts';
import { type RunningServer, startServer } from '../servers.ts';
import { population, type Stage, setStage } from '../stage.ts';
import { readVocabulary, type Vocabulary } from '../vocabulary.ts';
import { catalogue } from './catalogue.ts';
import type { Check } from './checks/check.ts';
import { checksNamed } from './checks/index.ts';
import { combinationsName, measureCombinations } from './combinations.ts';
import { type MeasuredShape, measureShape } from './measured.ts';
import { options, readSettings, type Settings, usage } from './options.ts';
import { checkLine, floorLine, head, planText, shapeLine, summary } from './print.ts';
import type { Shape } from './shape.ts';
import { explainSlowest } from './slowest.ts';

async function main(values: Record<string, string | boolean | undefined>): Promise<number> {
  const settings = readSettings(values);
  const { only, json, users } = settings;
  const started = new Date();
  const { data, database } = settings;
  const stage = await setStage(settings.customers, { data, existing: database });
  const sql = connect(stage.services.postgres, `${stage.db}_optimized`, { pool: 1, statementTimeout: 0 });
  const server = await startServer('optimized', { ...stage.environment, CACHE: 'off' });
  const vocabulary = await readVocabulary(server.base, 1_000);
  const shapes = await catalogue(server.base, sql, vocabulary, settings);
  const chosen = checksNamed(only);
  const combined = combinationsName.includes(only);
  if (shapes.length + chosen.length === 0 && !combined) throw new Stop(`Nothing has "${only}" in its name.`);

  const page = await get(server.base + listPath);
  const floor = await clientFloor(new TextDecoder().decode(page), users);
  console.log(`${population(stage)}. ${floorLine(floor, users)}\n`);
  const measured = await measureShapes(server, shapes, settings, combined ? vocabulary : null);
  const explained = await explainSlowest(stage, measured, settings.plans);
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
  return measured.every(({ holds }) => holds) && checks.every(({ holds }) => holds !== false) ? 0 : 1;
}

/** Each shape, then the combinations where there is a vocabulary for them. Prints each as soon as it is measured. */
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
  // What a new process does first is slow; it shall not be the first shape's burden.
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

await command(usage, options, main, { takesNames: true });
