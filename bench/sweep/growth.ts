import type { Kind } from '../shapes/shape.ts';

/** The times of one shape in a table of `customers` rows, in milliseconds. */
export interface Point {
  customers: number;
  /** Null if no answer came in time. */
  p50: number | null;
  p95: number | null;
  /** It took too long and was cut off, here or in a smaller table. */
  cutOff: boolean;
}

export interface Growth {
  /** p95 in the largest table as a multiple of that in the smallest; null if either is missing. */
  times: number | null;
  /** b in `p95 ~ customers^b`, fitted over all points: 0 does not grow, 1 grows as the table does. */
  exponent: number | null;
  /** The most that `times` may be. */
  most: number;
  holds: boolean | null;
}

/** Lists and sorts must barely grow. A filter may match more rows in more. */
const most: Record<Kind, number> = { list: 1.3, filter: 3 };

export function growthOf(kind: Kind, points: readonly Point[]): Growth {
  const sorted = points.toSorted((a, b) => a.customers - b.customers);
  const [smallest, largest] = [sorted[0], sorted.at(-1)];
  const comparable = sorted.length > 1 && smallest!.p95 !== null && largest!.p95 !== null;
  const times = comparable ? largest!.p95! / smallest!.p95! : null;
  const cutOff = sorted.some((point) => point.cutOff);
  const holds = cutOff ? false : times === null ? null : times <= most[kind];
  const { exponent = null } = fit(sorted.map(({ customers, p95 }) => ({ customers, ms: p95 }))) ?? {};
  return { times, exponent, most: most[kind], holds };
}

export interface Fit {
  /** b in `ms ~ customers^b` */
  exponent: number;
  /** Milliseconds on the fitted line. */
  at: (customers: number) => number;
}

/** The least-squares line through the logarithms; null with fewer than two points. */
export function fit(points: readonly { customers: number; ms: number | null }[]): Fit | null {
  const logs = points.flatMap(({ customers, ms }) =>
    ms === null ? [] : [{ x: Math.log(customers), y: Math.log(ms) }],
  );
  if (logs.length < 2) return null;
  const mean = (of: (log: { x: number; y: number }) => number) =>
    logs.reduce((sum, log) => sum + of(log), 0) / logs.length;
  const [x, y] = [mean((log) => log.x), mean((log) => log.y)];
  const spread = mean((log) => (log.x - x) ** 2);
  if (spread === 0) return null;
  const exponent = mean((log) => (log.x - x) * (log.y - y)) / spread;
  return { exponent, at: (customers) => Math.exp(y + exponent * (Math.log(customers) - x)) };
}
