import type { ProfileName } from '../../src/seed/index.ts';
import type { CapacityPlan, Mix } from '../capacity/round.ts';
import type { Pace } from '../ladder/climb.ts';
import type { Contestant } from '../report/results.ts';

/** How much is measured. */
export interface Plan {
  customers: number;
  /** What they are like. */
  data: ProfileName;
  quick: boolean;
  rounds: number;
  /** Generated requests that are compared before anything is measured, besides those that are measured. */
  proved: number;
  /** Seconds after which no more of them is compared. */
  proving: number;
  /** Milliseconds after which a server gives a statement up: the figure is then more than that. */
  cutoff: number;
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
  /** The smaller tables that show how times grow; measured at the same pace as the large one. */
  sweep: { sizes: number[]; rounds: number };
}

/** From here on the naive server takes seconds for a list, minutes for a search. */
const many = 300_000;

/** Fits 100 000 customers on two cores into fifteen minutes, or four when `quick`; three million into an hour. */
export function planFor(customers: number, quick: boolean, data: ProfileName = 'default'): Plan {
  const base = { customers, data, quick, rounds: 2, seedUsers: 50, proving: 180, cutoff: 30_000 };
  const sizes = smaller(customers);
  const lists = { mix: 'lists' as const, who: ['naive' as const, 'optimized' as const] };
  if (quick) {
    const size = { proved: 100, perShape: 2, budget: 150, slowOnce: true, cases: ['create'] };
    const capacity = { limit: 1_000, seconds: 3, steps: 5, grace: 3, rounds: 1, mixes: [lists] };
    const ladder = { rounds: 1, budget: 40 };
    return { ...base, ...size, seedSeconds: 0, grace: 4, capacity, ladder, sweep: { sizes, rounds: 1 } };
  }
  const size = { proved: 300, perShape: customers > many ? 2 : 4, budget: 400, slowOnce: customers > many };
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
    sweep: { sizes, rounds: 2 },
  };
}

/** Far enough apart to see growth, and large enough for pages deep in the list. */
function smaller(customers: number): number[] {
  const shares = customers > many ? [0.01, 0.1] : [0.1, 0.3];
  return shares.map((share) => Math.ceil(customers * share));
}
