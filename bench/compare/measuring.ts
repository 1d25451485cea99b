import { type CapacityRound, capacityRound, leastRate, requestsOfMix } from '../capacity/round.ts';
import { prove } from '../equality/prove.ts';
import { type Shape, shapes } from '../generate/mix.ts';
import { requestsOf } from '../generate/mixed.ts';
import { climb } from '../ladder/climb.ts';
import type { RungResult } from '../ladder/result.ts';
import { readRungs } from '../ladder/rung.ts';
import type { Job } from '../latency/main.ts';
import { progress } from '../progress.ts';
import type { Contestant, LatencyRound, LoadRound, Results } from '../report/results.ts';
import { type Stage, setStage } from '../stage.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { Plan } from './plan.ts';
import { latencyRound, loadRound, turns } from './rounds.ts';

// The long-running parts of the comparison, each with its progress.

type Asked = Omit<Job, 'base' | 'room'>;

export async function measureLatencies(
  stage: Stage,
  plan: Plan,
  seed: number,
  vocabulary: Vocabulary,
): Promise<LatencyRound[]> {
  const job = jobOf(plan, seed, vocabulary, plan.cases);
  const all = turns(['naive', 'optimized', 'cached'], plan.rounds);
  const bar = progress('Measuring latency');
  const measured: LatencyRound[] = [];
  for (const [index, turn] of all.entries()) {
    const own = plan.slowOnce ? withoutSlow(job, turn.contestant, measured) : job;
    const steps = own.shapes.length + own.cases.length;
    let done = 0;
    const onLine = ({ name }: { name: string }) => {
      bar.update(index + ++done / steps, all.length, `${turn.contestant}, round ${turn.round}: ${name}`);
    };
    measured.push(...(await latencyRound(turn, stage, own, onLine)));
  }
  bar.end(`${plan.rounds} rounds`);
  return measured;
}

/** The job without shapes whose median exceeded two seconds for this contestant in an earlier round. */
function withoutSlow(job: Asked, contestant: Contestant, measured: LatencyRound[]) {
  const slow = measured.filter((round) => round.contestant === contestant && round.latency.p50 > 2_000);
  return { ...job, shapes: job.shapes.filter(({ shape }) => !slow.some(({ name }) => name === shape)) };
}

function jobOf(
  { perShape, budget, cutoff }: Plan,
  seed: number,
  vocabulary: Vocabulary,
  cases: string[],
): Asked {
  const paths = (shape: Shape) => requestsOf(shape, seed, vocabulary, perShape).map(({ path }) => path);
  return {
    shapes: shapes.map((shape) => ({ shape: shape.name, paths: paths(shape) })),
    ...{ cases, budget, cutoff },
  };
}

/** Measures the same kinds of requests on smaller tables, filled for this purpose, to show how times grow. */
export async function measureGrowth(plan: Plan, seed: number): Promise<Results['sweep']> {
  const { sizes, rounds } = plan.sweep;
  const tables: (Results['sweep'][number] & { stage: Stage; job: Asked })[] = [];
  for (const customers of sizes) {
    const stage = await setStage(customers, { data: plan.data });
    const { vocabulary } = await prove(stage, { ...plan, proved: 0 }, seed);
    const job = jobOf(plan, seed, vocabulary, []);
    tables.push({ customers, stage, job, latencies: [] });
  }
  // Every second round goes from the largest table to the smallest.
  const all = turns(['naive', 'optimized'], rounds).flatMap((turn) =>
    (turn.round % 2 === 1 ? tables : tables.toReversed()).map((table) => ({ ...turn, table })),
  );
  const bar = progress('Sweeping smaller tables');
  for (const [index, { table, ...turn }] of all.entries()) {
    bar.update(index, all.length, `${turn.contestant}, ${table.customers} customers, round ${turn.round}`);
    const job = plan.slowOnce ? withoutSlow(table.job, turn.contestant, table.latencies) : table.job;
    table.latencies.push(...(await latencyRound(turn, table.stage, job, () => {})));
  }
  bar.end(`${sizes.length} sizes, ${rounds} rounds`);
  return tables.map(({ customers, latencies }) => ({ customers, latencies }));
}

export async function climbLadder(stage: Stage, plan: Plan): Promise<RungResult[]> {
  const bar = progress('Measuring the ladder');
  const results = await climb(stage, await readRungs(), plan.ladder, bar);
  bar.end(`${results.length} rungs, ${plan.ladder.rounds} rounds`);
  return results;
}

export async function measureCapacity(
  stage: Stage,
  { capacity: { rounds, mixes, ...plan } }: Plan,
  k6: string,
  seed: number,
  vocabulary: Vocabulary,
): Promise<CapacityRound[]> {
  const all = mixes.flatMap(({ mix, who }) => turns(who, rounds).map((turn) => ({ mix, ...turn })));
  const bar = progress('Measuring capacity');
  const measured: CapacityRound[] = [];
  for (const [index, turn] of all.entries()) {
    const { mix, contestant } = turn;
    const before = measured.find((round) => round.mix === mix && round.contestant === contestant);
    // A start near the result of an earlier round shortens the search.
    const start = before ? { start: Math.max(leastRate, before.capacity / 2) } : {};
    const requests = requestsOfMix(mix, seed, vocabulary);
    const onStep = (rate: number) => bar.update(index, all.length, `${mix} on ${contestant}, ${rate}/s`);
    measured.push(await capacityRound(stage, k6, turn, requests, { ...plan, ...start }, onStep));
  }
  bar.end(`${rounds} rounds`);
  return measured;
}

/** The scenario of the seed document: each user waits for an answer before the next request. */
export async function measureLoads(stage: Stage, plan: Plan, k6: string): Promise<LoadRound[]> {
  const runs = plan.seedSeconds > 0 ? turns(['naive', 'cached'], plan.rounds) : [];
  const bar = progress('Measuring load');
  const rounds: LoadRound[] = [];
  for (const [index, turn] of runs.entries()) {
    bar.update(index, runs.length, `seed on ${turn.contestant}, round ${turn.round}`);
    const settings = { SCALE: `${plan.seedSeconds / 120}`, GRACE: `${plan.grace}` };
    rounds.push(await loadRound(turn, stage, { k6, scenario: 'seed', users: plan.seedUsers, settings }));
  }
  if (runs.length > 0) bar.end(`${plan.rounds} rounds`);
  return rounds;
}
