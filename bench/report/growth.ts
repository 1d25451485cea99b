import { type Fit, fit } from '../sweep/growth.ts';
import { latencyFigures } from './figures.ts';
import type { Results } from './results.ts';

/** The servers whose growth is measured. */
export const servers = ['naive', 'optimized'] as const;

/** The sizes of the tables, the smallest first. */
export const sizesOf = ({ sweep, settings }: Results): number[] =>
  [...sweep.map(({ customers }) => customers), Number(settings.customers)].sort((a, b) => a - b);

/** How one kind of request grows with the table on one server. */
export interface GrowthFigure {
  name: string;
  contestant: (typeof servers)[number];
  /** Medians, the smallest table first. If cut off, `ms` is a lower bound. */
  points: {
    name: string;
    contestant: (typeof servers)[number];
    customers: number;
    ms: number;
    cutOff: boolean;
  }[];
  /** Fitted through the points that were not cut off; null with fewer than two. */
  fit: Fit | null;
}

export function growthFigures(results: Results): GrowthFigure[] {
  const tables = [...results.sweep, { customers: Number(results.settings.customers), ...results }];
  return results.shapes.flatMap(({ name }) =>
    servers.map((contestant) => {
      const points = tables
        .toSorted((a, b) => a.customers - b.customers)
        .flatMap(({ customers, latencies }) =>
          latencyFigures({ latencies }, 'shape', name)
            .filter((figure) => figure.contestant === contestant)
            .map(({ p50, cutOff }) => ({ name, contestant, customers, ms: p50, cutOff })),
        );
      return { name, contestant, points, fit: fit(points.filter(({ cutOff }) => !cutOff)) };
    }),
  );
}

/** How many times as long it takes with ten times as many customers. */
export const tenfold = ({ exponent }: Fit) => 10 ** exponent;

/** The geometric mean of `tenfold` over all kinds of requests; null if nothing was fitted. */
export function growthOverall(figures: GrowthFigure[], contestant: (typeof servers)[number]): number | null {
  const exponents = figures.flatMap((figure) =>
    figure.contestant === contestant && figure.fit ? [figure.fit.exponent] : [],
  );
  if (exponents.length === 0) return null;
  return 10 ** (exponents.reduce((sum, exponent) => sum + exponent, 0) / exponents.length);
}
