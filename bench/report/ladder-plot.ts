import * as Plot from '@observablehq/plot';
import { faster, p50 } from '../ladder/figures.ts';
import type { RungResult } from '../ladder/result.ts';
import { type Side, sides } from '../ladder/rung.ts';
import type { Html } from './html.ts';
import { inBothSizes, logTicks, type Size } from './plot.ts';
import { gain, plain } from './words.ts';

/** A line from before to after for each case of each rung, on a logarithmic scale. */
export const ladderPlot = (ladder: RungResult[]): Html =>
  inBothSizes('Gain of each optimization', (size) => ladderOptions(ladder, size));

export function ladderOptions(ladder: RungResult[], size: Size): Plot.PlotOptions {
  const lines = ladder.flatMap(({ title, cases }) =>
    cases.map((one, index) => ({
      key: `${title} ${one.name}`,
      title: index === 0 ? title : '',
      name: one.name,
      before: p50(one.asked.before),
      after: p50(one.asked.after),
      faster: gain(faster(one)),
      one,
    })),
  );
  const rounds = lines.flatMap(({ key, one }) =>
    sides.flatMap((side: Side) => one.asked[side].rounds.map((round) => ({ key, ms: round.p50, side }))),
  );
  const values = rounds.map(({ ms }) => ms);
  const fy = 'key';
  return {
    ...{ marginTop: 8, marginBottom: 36, marginRight: 84 },
    marginLeft: size === 'wide' ? 450 : 8,
    height: 50 + lines.length * (size === 'wide' ? 26 : 50),
    x: { type: 'log', label: 'ms →', grid: true, ticks: logTicks(values), tickFormat: plain, inset: 8 },
    // A narrow plot shows the names above its lines.
    y: { domain: size === 'wide' ? [0] : [-1, 0], axis: null, type: 'band' },
    fy: { domain: lines.map(({ key }) => key), axis: null, padding: 0 },
    marks: [
      ...(size === 'wide'
        ? [
            Plot.text(lines, {
              fy,
              text: 'title',
              frameAnchor: 'left',
              dx: -442,
              textAnchor: 'start',
              fontWeight: 600,
            }),
            Plot.text(lines, { fy, text: 'name', frameAnchor: 'left', dx: -10, textAnchor: 'end' }),
          ]
        : [
            Plot.text(lines, {
              fy,
              text: ({ title, name }) => [title, name].filter(Boolean).join(': '),
              ...above,
            }),
          ]),
      Plot.ruleY(lines, { fy, y: 0, x1: 'before', x2: 'after', stroke: 'var(--faint)', strokeWidth: 2 }),
      Plot.dot(rounds, {
        ...{ fy, y: 0, x: 'ms', r: 2.5, fill: 'var(--paper)' },
        stroke: ({ side }) => `var(--${side === 'before' ? 'naive' : 'optimized'})`,
      }),
      Plot.dot(lines, { fy, y: 0, x: 'before', fill: 'var(--naive)', r: 4.5 }),
      Plot.dot(lines, { fy, y: 0, x: 'after', fill: 'var(--optimized)', symbol: 'square', r: 4.5 }),
      Plot.text(lines, { fy, y: 0, text: 'faster', frameAnchor: 'right', dx: 80, textAnchor: 'end' }),
    ],
  };
}

const above = { frameAnchor: 'top-left', dy: 4, lineWidth: 26, textOverflow: 'ellipsis' } as const;
