import { Stop } from '../../src/cli/command.ts';
import { type Copy, withCopy } from '../copy.ts';
import type { Progress } from '../progress.ts';
import type { Stage } from '../stage.ts';
import type { RungResult } from './result.ts';
import { type Rung, type Setting, type SettingRung, type Side, type StatementRung, sides } from './rung.ts';
import { type Served, serve } from './settings.ts';
import { clock, examine, readCases } from './statements.ts';

export interface Pace {
  rounds: number;
  /** Milliseconds to measure each case for; slow ones take longer. */
  budget: number;
}

/** Measures the rungs in turn. Throws Stop if the two ways of a rung give different answers or no rows. */
export function climb(stage: Stage, rungs: Rung[], pace: Pace, bar: Progress): Promise<RungResult[]> {
  return withCopy(stage.services.postgres, `${stage.db}_naive`, `${stage.db}_ladder`, async (base) => {
    const results: RungResult[] = [];
    for (const [index, rung] of rungs.entries()) {
      bar.update(index, rungs.length, rung.name);
      const measured =
        rung.kind === 'statements' ? byStatements(base, rung, pace) : bySettings(stage, rung, pace);
      results.push(await measured);
    }
    return results;
  });
}

/** Every second round reverses the order. */
const order = (round: number): readonly Side[] => (round % 2 === 0 ? sides : sides.toReversed());

async function byStatements(base: Copy, rung: StatementRung, pace: Pace): Promise<RungResult> {
  const cases = await readCases(base, rung);
  const examined = {
    before: await examine(base, rung, 'before', cases),
    after: await examine(base, rung, 'after', cases),
  };
  for (const [index, { name }] of cases.entries())
    assertSame(`${rung.name}, ${name}`, examined.before.answers[index]!, examined.after.answers[index]!);

  const prepares = rung.ways.before.prepare !== rung.ways.after.prepare;
  const cost = (side: Side) => ({
    build: [] as number[],
    diskBytes: examined[side].diskBytes,
    writes: examined[side].writes,
    memoryBytes: prepares ? examined[side].planBytes : null,
  });
  const result: RungResult = {
    ...wordsOf(rung),
    text: { before: rung.ways.before.statement, after: rung.ways.after.statement },
    setup: { before: rung.ways.before.setup.own, after: rung.ways.after.setup.own },
    cases: cases.map(({ name }, index) => ({
      name,
      asked: {
        before: { rounds: [], work: examined.before.works[index]! },
        after: { rounds: [], work: examined.after.works[index]! },
      },
    })),
    costs: { before: cost('before'), after: cost('after') },
  };
  for (let round = 0; round < pace.rounds; round++) {
    for (const side of order(round)) {
      const asked = cases.map(({ parameters }) => parameters[side]);
      const { build, latencies } = await clock(base, rung.ways[side], asked, pace.budget);
      result.costs[side].build.push(build);
      for (const [index, latency] of latencies.entries())
        result.cases[index]!.asked[side].rounds.push(latency);
    }
  }
  return result;
}

async function bySettings(stage: Stage, rung: SettingRung, { rounds, budget }: Pace): Promise<RungResult> {
  const served: Record<Side, Served[]> = { before: [], after: [] };
  for (let round = 0; round < rounds; round++) {
    for (const side of order(round)) served[side].push(await serve(stage, rung.ways[side], budget));
  }
  assertSame(rung.name, served.before[0]!.answers.join(), served.after[0]!.answers.join());
  const asked = (side: Side) => ({ rounds: served[side].map(({ latency }) => latency), work: null });
  const cost = (side: Side) => {
    const { memoryBytes } = served[side].at(-1)!;
    return { build: [], diskBytes: null, writes: [], memoryBytes };
  };
  return {
    ...wordsOf(rung),
    text: { before: textOf(rung.ways.before), after: textOf(rung.ways.after) },
    setup: { before: null, after: null },
    cases: [
      {
        name: rung.ways.after.afterWrite ? 'lists among writes' : 'a list asked again',
        asked: { before: asked('before'), after: asked('after') },
      },
    ],
    costs: { before: cost('before'), after: cost('after') },
  };
}

const wordsOf = ({ name, title, changes, notPaying }: Rung) => ({ name, title, changes, notPaying });
const textOf = ({ environment, afterWrite }: Setting) =>
  [...Object.entries(environment).map(([name, value]) => `${name}=${value}`), afterWrite ?? '']
    .join('\n')
    .trim();

function assertSame(what: string, before: string, after: string): void {
  if (before !== after)
    throw new Stop(`Rung ${what}: the two ways give different answers: ${difference(before, after)}.`);
  if (before === '[]')
    throw new Stop(`Rung ${what}: no customer is found, so the comparison proves nothing.`);
}

/** The text of both sides around their first difference. */
function difference(a: string, b: string): string {
  let at = 0;
  while (a[at] === b[at]) at++;
  const from = Math.max(0, at - 20);
  return `"${a.slice(from, at + 60)}" against "${b.slice(from, at + 60)}"`;
}
