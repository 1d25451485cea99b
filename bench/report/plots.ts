import * as Plot from '@observablehq/plot';
import { contestants, type LatencyFigure } from './figures.ts';
import type { Html } from './html.ts';
import { color, inBothSizes, logTicks, type Size, symbol } from './plot.ts';
import { plain } from './words.ts';

/** A row for each name with a line for each contestant: median, p95 and p99 in ms, on a logarithmic scale. */
export const latencyPlot = (figures: LatencyFigure[], label: string): Html =>
  inBothSizes(label, (size) => latencyOptions(figures, size));

export function latencyOptions(figures: LatencyFigure[], size: Size): Plot.PlotOptions {
  const rows = [...new Set(figures.map(({ name }) => name))];
  const rounds = figures.flatMap(({ name, contestant, rounds }) =>
    rounds.map(({ latency }) => ({ name, contestant, p50: latency.p50 })),
  );
  const values = [...figures.flatMap(({ p50, p99 }) => [p50, p99]), ...rounds.map(({ p50 }) => p50)];
  const place = { fy: 'name', y: 'contestant' };
  return {
    // A wide plot shows the names beside the rows. A narrow plot has no space there and gives each name its own line.
    ...(size === 'wide' ? { marginLeft: 260 } : { marginLeft: 8 }),
    ...{ marginTop: 24, marginBottom: 36, marginRight: 24 },
    height: 60 + rows.length * (size === 'wide' ? 40 : 56),
    x: { type: 'log', label: 'ms →', grid: true, ticks: logTicks(values), tickFormat: plain, inset: 8 },
    y: { domain: size === 'wide' ? contestants : ['', ...contestants], axis: null, padding: 0.2 },
    fy: { domain: rows, axis: null, padding: 0.12 },
    color,
    symbol,
    marks: [
      size === 'wide'
        ? Plot.text(rows, { fy: Plot.identity, text: Plot.identity, ...beside })
        : Plot.text(rows, { fy: Plot.identity, text: Plot.identity, ...above }),
      Plot.ruleY(figures, { ...place, x1: 'p50', x2: 'p99', stroke: 'contestant', strokeWidth: 2 }),
      Plot.tickX(figures, { ...place, x: 'p95', stroke: 'contestant', strokeWidth: 2 }),
      Plot.dot(rounds, { ...place, x: 'p50', stroke: 'contestant', r: 2.5, fill: 'var(--paper)' }),
      Plot.dot(figures, { ...place, x: 'p50', fill: 'contestant', symbol: 'contestant', r: 4.5 }),
      Plot.text(
        figures.filter(({ cutOff }) => cutOff),
        { ...place, x: 'p99', text: () => '>', dx: 9, fontWeight: 700 },
      ),
    ],
  };
}

const beside = { frameAnchor: 'left', dx: -10, textAnchor: 'end', lineWidth: 18 } as const;
const above = { frameAnchor: 'top-left', dy: 1 } as const;
