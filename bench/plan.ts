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
  /** Seconds of the mixed load, and its users; of the seed document's scenario 120 is the whole. */
  mixedSeconds: number;
  mixedUsers: number;
  seedSeconds: number;
  seedUsers: number;
  /** Seconds for the last answers under load to come before they are cut off. */
  grace: number;
}

/** Fits 100 000 customers on two cores into ten minutes, or three when `quick`. */
export function planFor(customers: number, quick: boolean): Plan {
  const base = { customers, quick, rounds: 2, mixedUsers: 8, seedUsers: 50 };
  if (quick) {
    const size = { proved: 100, perShape: 2, budget: 150, slowOnce: true, cases: [] };
    return { ...base, ...size, mixedSeconds: 5, seedSeconds: 0, grace: 4 };
  }
  // Where the naive server searches for minutes, once has to do.
  const size = { proved: 300, perShape: 4, budget: 400, slowOnce: customers > 300_000 };
  const cases = ['deep-page', 'one-customer', 'create'];
  return { ...base, ...size, cases, mixedSeconds: 12, seedSeconds: 24, grace: 10 };
}
