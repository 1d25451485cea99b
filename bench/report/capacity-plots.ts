import * as Plot from '@observablehq/plot';
import { type CapacityFigure, names } from './figures.ts';
import type { Html } from './html.ts';
import { color, inBothSizes, logTicks, type Size, symbol } from './plot.ts';
import { plain } from './words.ts';

/** A bar for each contestant. If the objective is met at no rate, its label says so. */
export const capacityBars = (figures: CapacityFigure[], label: string): Html =>
  inBothSizes(label, (size) => capacityBarsOptions(figures, size));

export function capacityBarsOptions(figures: CapacityFigure[], size: Size): Plot.PlotOptions {
  const rounds = figures.flatMap(({ contestant, rounds }) =>
    rounds.map(({ capacity }) => ({ contestant, capacity })),
  );
  const y = 'contestant';
  const end = ({ capacity, rounds }: CapacityFigure) =>
    Math.max(capacity, ...rounds.map((round) => round.capacity));
  return {
    ...{ marginLeft: size === 'wide' ? 150 : 8, marginRight: 110, marginTop: 8, marginBottom: 36 },
    height: 44 + figures.length * (size === 'wide' ? 40 : 56),
    x: {
      label: 'requests a second, answered in time →',
      grid: true,
      ticks: size === 'wide' ? 8 : 3,
      tickFormat: plain,
      nice: true,
      domain: [0, Math.max(1, ...figures.map(end))],
    },
    y: {
      domain: figures.map(({ contestant }) => contestant),
      axis: null,
      padding: size === 'wide' ? 0.3 : 0.5,
    },
    color,
    marks: [
      Plot.barX(figures, { y, x: 'capacity', fill: 'contestant' }),
      Plot.dot(rounds, { y, x: 'capacity', stroke: 'var(--ink)', fill: 'var(--paper)', r: 3 }),
      Plot.text(figures, { y, x: end, text: rateText, dx: 8, textAnchor: 'start' }),
      Plot.text(figures, {
        y,
        text: ({ contestant }: CapacityFigure) => names[contestant],
        ...(size === 'wide'
          ? { frameAnchor: 'left', dx: -10, textAnchor: 'end' }
          : { frameAnchor: 'left', dy: -22, textAnchor: 'start' }),
      }),
      Plot.ruleX([0]),
    ],
  };
}

const rateText = ({ capacity }: CapacityFigure) => (capacity === 0 ? 'not met at any rate' : plain(capacity));

/** p99 against the rate, a line for each round. */
export function ratesPlot(figures: CapacityFigure[], limit: number, label: string): Html {
  const points = figures.flatMap(({ contestant, rounds }) =>
    rounds.flatMap(({ round, steps }) =>
      steps.map(({ rate, p99, kept }) => ({ contestant, line: `${contestant} ${round}`, rate, p99, kept })),
    ),
  );
  // A step without answers has no time to show.
  const sorted = points.filter(({ p99 }) => p99 > 0).toSorted((a, b) => a.rate - b.rate);
  const rates = points.map(({ rate }) => rate);
  const times = [...sorted.map(({ p99 }) => p99), limit];
  return inBothSizes(label, (size) => ({
    ...{ marginLeft: 56, marginRight: 24, marginTop: 28, marginBottom: 40 },
    height: size === 'wide' ? 340 : 280,
    x: {
      type: 'log',
      label: 'requests a second →',
      grid: true,
      ticks: logTicks(rates),
      tickFormat: plain,
      inset: 10,
    },
    y: {
      type: 'log',
      label: '↑ p99, ms',
      grid: true,
      ticks: logTicks(times),
      tickFormat: plain,
      inset: 6,
    },
    color,
    symbol,
    marks: [
      Plot.ruleY([limit], { stroke: 'var(--bad)', strokeDasharray: '4 3', strokeWidth: 1.5 }),
      Plot.text([limit], {
        ...{ y: (y: number) => y, text: () => 'objective', fill: 'var(--bad)' },
        ...{ frameAnchor: 'left', dx: 4, dy: -7, textAnchor: 'start' },
      }),
      Plot.line(sorted, { x: 'rate', y: 'p99', z: 'line', stroke: 'contestant', strokeWidth: 1.5 }),
      Plot.dot(sorted, {
        ...{ x: 'rate', y: 'p99', stroke: 'contestant', symbol: 'contestant', r: 4.5, strokeWidth: 1.5 },
        fill: 'var(--paper)',
      }),
      Plot.dot(
        sorted.filter(({ kept }) => kept),
        { x: 'rate', y: 'p99', fill: 'contestant', symbol: 'contestant', r: 4.5 },
      ),
    ],
  }));
}
