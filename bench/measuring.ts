import { climb } from './ladder/climb.ts';
import type { RungResult } from './ladder/result.ts';
import { readRungs } from './ladder/rung.ts';
import type { Job } from './latency.ts';
import { type CapacityRound, capacityRound, leastRate, requestsOfMix } from './load/capacity.ts';
import type { Plan } from './plan.ts';
import { progress } from './progress.ts';
import type { Contestant, LatencyRound, LoadRound } from './report/results.ts';
import { latencyRound, loadRound, turns } from './rounds.ts';
import type { Stage } from './stage.ts';
import type { Vocabulary } from './vocabulary.ts';

// The parts of the comparison that take long, each with its progress.

export async function measureLatencies(
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

export async function climbLadder(stage: Stage, plan: Plan): Promise<RungResult[]> {
  const bar = progress('Climbing the ladder');
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
  const bar = progress('Capacity by k6');
  const measured: CapacityRound[] = [];
  for (const [index, turn] of all.entries()) {
    const { mix, contestant } = turn;
    const before = measured.find((round) => round.mix === mix && round.contestant === contestant);
    // Near what an earlier round found there is less to search.
    const start = before ? { start: Math.max(leastRate, before.capacity / 2) } : {};
    const requests = requestsOfMix(mix, seed, vocabulary);
    const onStep = (rate: number) => bar.update(index, all.length, `${mix} on ${contestant}, ${rate}/s`);
    measured.push(await capacityRound(stage, k6, turn, requests, { ...plan, ...start }, onStep));
  }
  bar.end(`${rounds} rounds`);
  return measured;
}

/** The scenario of the seed document: users who wait for their answers before they ask again. */
export async function measureLoads({ environment }: Stage, plan: Plan, k6: string): Promise<LoadRound[]> {
  const runs = plan.seedSeconds > 0 ? turns(['naive', 'cached'], plan.rounds) : [];
  const bar = progress('Load by k6');
  const rounds: LoadRound[] = [];
  for (const [index, turn] of runs.entries()) {
    bar.update(index, runs.length, `seed on ${turn.contestant}, round ${turn.round}`);
    const settings = { SCALE: `${plan.seedSeconds / 120}`, GRACE: `${plan.grace}` };
    rounds.push(
      await loadRound(turn, environment, { k6, scenario: 'seed', users: plan.seedUsers, settings }),
    );
  }
  if (runs.length > 0) bar.end(`${plan.rounds} rounds`);
  return rounds;
}
