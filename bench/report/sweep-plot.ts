import * as Plot from '@observablehq/plot';
import { type GrowthFigure, tenfold } from './growth.ts';
import type { Html } from './html.ts';
import { color, inBothSizes, logTicks, type Size, symbol } from './plot.ts';
import { plain, times } from './words.ts';

/** A panel for each kind of request: both servers' medians against the table size, with the fitted lines. */
export const growthPlot = (figures: GrowthFigure[], sizes: number[]): Html =>
  inBothSizes('Latency of each kind of request against the number of customers', (size) =>
    growthOptions(figures, sizes, size),
  );

export function growthOptions(figures: GrowthFigure[], sizes: number[], size: Size): Plot.PlotOptions {
  const columns = size === 'wide' ? 4 : 2;
  const names = [...new Set(figures.map(({ name }) => name))];
  const fx = ({ name }: { name: string }) => names.indexOf(name) % columns;
  const fy = ({ name }: { name: string }) => Math.floor(names.indexOf(name) / columns);
  const points = figures.flatMap((figure) => figure.points);
  const cutOff = points.filter((point) => point.cutOff);
  const ends = [sizes[0]!, sizes.at(-1)!];
  const lines = figures.flatMap(({ name, contestant, fit }) =>
    fit ? ends.map((customers) => ({ name, contestant, customers, ms: fit.at(customers) })) : [],
  );
  const fields = names.map((name) => ({ name }));
  const place = { fx, fy, x: 'customers', y: 'ms' };
  const lineWidth = size === 'wide' ? 16 : 11;
  const label = { fx, fy, frameAnchor: 'top-left', lineWidth, textOverflow: 'ellipsis' } as const;
  return {
    ...{ marginLeft: 66, marginRight: 12, marginTop: 22, marginBottom: 40 },
    height: 70 + Math.ceil(names.length / columns) * 136,
    x: { type: 'log', label: 'customers →', grid: true, ticks: sizes, tickFormat: thousands, inset: 8 },
    y: {
      ...{ type: 'log', label: '↑ ms', grid: true, tickFormat: plain, inset: 4, insetTop: 40 },
      ticks: logTicks([...points, ...lines].map(({ ms }) => ms)),
    },
    fx: { axis: null, padding: 0.1 },
    fy: { axis: null, padding: 0.1 },
    color,
    symbol,
    marks: [
      Plot.line(lines, {
        ...place,
        z: ({ name, contestant }) => `${name} ${contestant}`,
        stroke: 'contestant',
      }),
      Plot.dot(points, {
        ...{ ...place, stroke: 'contestant', symbol: 'contestant', r: 3.5 },
        fill: ({ cutOff }) => (cutOff ? 'var(--paper)' : null),
      }),
      Plot.dot(
        points.filter((point) => !point.cutOff),
        { ...place, fill: 'contestant', symbol: 'contestant', r: 3.5 },
      ),
      Plot.text(cutOff, { ...place, text: () => '↑', dy: -11, fontWeight: 700 }),
      Plot.text(fields, { ...label, text: 'name', fontWeight: 600 }),
      Plot.text(fields, { ...label, dy: 14, text: ({ name }) => growths(figures, name) }),
    ],
  };
}

/** `9.4× | 1.1×`: the growth with ten times as many customers, on both servers. */
function growths(figures: GrowthFigure[], name: string): string {
  const of = (who: GrowthFigure['contestant']) =>
    figures.find((figure) => figure.name === name && figure.contestant === who)?.fit;
  const [naive, optimized] = [of('naive'), of('optimized')];
  return `tenfold: ${naive ? times(tenfold(naive)) : '–'} | ${optimized ? times(tenfold(optimized)) : '–'}`;
}

/** 30k, 3M */
const thousands = (customers: number) =>
  customers >= 1e6
    ? `${plain(customers / 1e6)}M`
    : customers >= 1e3
      ? `${plain(customers / 1e3)}k`
      : plain(customers);
