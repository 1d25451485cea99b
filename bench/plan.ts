import type { Pace } from './ladder/climb.ts';
import type { CapacityPlan, Mix } from './load/capacity.ts';
import type { Contestant } from './report/results.ts';

/** How much is measured. */
export interface Plan {
  customers: number;
  quick: boolean;
  rounds: number;
  /** Generated requests that are compared before anything is measured, besides those that are measured. */
  proved: number;
  /** Different requests of a shape; of a slow shape a quarter as many. */
  perShape: number;
  /** Milliseconds to measure each shape for, one request at a time; slow ones take longer. */
  budget: number;
  /** Whether what took a server two seconds in the first round is left out of its others. */
  slowOnce: boolean;
  /** Micro-benchmarks that ask what no shape asks. */
  cases: string[];
  /** Seconds of the seed document's scenario, of which 120 is the whole, and its users. */
  seedSeconds: number;
  seedUsers: number;
  /** Seconds for the last answers under load to come before they are cut off. */
  grace: number;
  /** Whose capacity is measured, with which requests. */
  capacity: CapacityPlan & { rounds: number; mixes: { mix: Mix; who: Contestant[] }[] };
  ladder: Pace;
}

/** Fits 100 000 customers on two cores into fifteen minutes, or four when `quick`. */
export function planFor(customers: number, quick: boolean): Plan {
  const base = { customers, quick, rounds: 2, seedUsers: 50 };
  const lists = { mix: 'lists' as const, who: ['naive' as const, 'optimized' as const] };
  if (quick) {
    const size = { proved: 100, perShape: 2, budget: 150, slowOnce: true, cases: [] };
    const capacity = { limit: 1_000, seconds: 3, steps: 5, grace: 3, rounds: 1, mixes: [lists] };
    return { ...base, ...size, seedSeconds: 0, grace: 4, capacity, ladder: { rounds: 1, budget: 40 } };
  }
  // Where the naive server searches for minutes, once has to do.
  const size = { proved: 300, perShape: 4, budget: 400, slowOnce: customers > 300_000 };
  const cases = ['deep-page', 'one-customer', 'create'];
  const all = { mix: 'all' as const, who: ['naive' as const, 'optimized' as const, 'cached' as const] };
  const capacity = { limit: 1_000, seconds: 4, steps: 6, grace: 3, rounds: 2, mixes: [all] };
  return {
    ...base,
    ...size,
    cases,
    seedSeconds: 24,
    grace: 10,
    capacity,
    ladder: { rounds: 2, budget: 150 },
  };
}
