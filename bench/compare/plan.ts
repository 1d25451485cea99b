import type { ProfileName } from '../../src/seed/index.ts';
import type { CapacityPlan, Mix } from '../capacity/round.ts';
import type { Pace } from '../ladder/climb.ts';
import type { Contestant } from '../report/results.ts';

/** How much is measured. */
export interface Plan {
  customers: number;
  /** Their profile. */
  data: ProfileName;
  quick: boolean;
  rounds: number;
  /** Generated requests to compare before the measurements, besides the measured ones. */
  proved: number;
  /** Seconds after which no further generated request is compared. */
  proving: number;
  /** Milliseconds after which a server cancels a statement. The figure is then a lower bound. */
  cutoff: number;
  /** Distinct requests of each shape; a quarter as many of a slow shape. */
  perShape: number;
  /** Milliseconds to measure each shape for, one request at a time; slow ones take longer. */
  budget: number;
  /** Whether a shape that took a server two seconds in one round is left out of later ones. */
  slowOnce: boolean;
  /** Micro-benchmarks of requests that no shape covers. */
  cases: string[];
  /** Seconds of the seed document's scenario (its full length is 120), and its users. */
  seedSeconds: number;
  seedUsers: number;
  /** Seconds to wait for the last answers under load before they are cut off. */
  grace: number;
  /** The contestants whose capacity is measured, and the requests. */
  capacity: CapacityPlan & { rounds: number; mixes: { mix: Mix; who: Contestant[] }[] };
  ladder: Pace;
  /** The smaller tables that show how times grow, measured at the same pace as the large one. */
  sweep: { sizes: number[]; rounds: number };
}

/** Above this size the naive server takes seconds for a list and minutes for a search. */
const many = 300_000;

/** On two cores, 100 000 customers take fifteen minutes, or four if `quick`; three million take an hour. */
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

/** Far enough apart to show growth, and large enough for pages deep in the list. */
function smaller(customers: number): number[] {
  const shares = customers > many ? [0.01, 0.1] : [0.1, 0.3];
  return shares.map((share) => Math.ceil(customers * share));
}
