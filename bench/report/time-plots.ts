import * as Plot from '@observablehq/plot';
import type { CapacityRound } from '../capacity/round.ts';
import type { Sample } from '../capacity/watch.ts';
import { names } from './figures.ts';
import { type Html, html } from './html.ts';
import { inBothSizes, type Size } from './plot.ts';

const parts = {
  server: 'server',
  database: 'PostgreSQL',
  generator: 'k6',
  others: 'everything else',
} as const;
type Part = keyof typeof parts;
const strokes: Record<Part, { stroke: string; strokeWidth: number; strokeDasharray?: string }> = {
  server: { stroke: 'var(--ink)', strokeWidth: 2.2 },
  database: { stroke: 'var(--ink)', strokeWidth: 1.3, strokeDasharray: '6 3' },
  generator: { stroke: 'var(--ink)', strokeWidth: 1.3, strokeDasharray: '1.5 3' },
  others: { stroke: 'var(--bad)', strokeWidth: 1.3 },
};
const megabytes = (bytes: number | undefined) => (bytes === undefined ? null : bytes / 2 ** 20);

/** Rate, processor cores and memory in use, one below the other on the same time axis. */
export function timePlots(round: CapacityRound): Html {
  const until = Math.max(...round.steps.map(({ to }) => to), 1);
  const lines = (of: (sample: Sample, part: Part) => number | null | undefined) =>
    (Object.keys(parts) as Part[]).map((part) =>
      Plot.line(
        round.samples.map((sample) => ({ second: sample.second, value: of(sample, part) ?? null })),
        { x: 'second', y: 'value', ...strokes[part] },
      ),
    );
  const broken = Plot.rectX(
    round.steps.filter(({ kept }) => !kept),
    { x1: 'from', x2: 'to', fill: 'var(--bad)', fillOpacity: 0.13 },
  );
  const base = (size: Size, label: string, height: number): Plot.PlotOptions => ({
    ...{ marginLeft: 56, marginRight: 12, marginTop: 22, marginBottom: 26, height },
    x: { domain: [0, until], label: null, ticks: size === 'wide' ? 10 : 4 },
    y: { label, grid: true, ticks: 3, nice: true, zero: true },
  });
  const plot = (label: string, height: number, marks: Plot.Markish[]) =>
    inBothSizes(`${label}, ${names[round.contestant]}`, (size) => ({
      ...base(size, `↑ ${label}`, height),
      marks,
    }));
  return html`<p class="faint">Seconds since the start. Shaded: the objective was missed. Lines: ${legendOfParts()}.</p>
${plot('requests a second', 110, [
  broken,
  Plot.ruleY(round.steps, {
    x1: 'from',
    x2: 'to',
    y: 'rate',
    stroke: `var(--${round.contestant})`,
    strokeWidth: 3,
  }),
])}
${plot('processor cores', 130, [broken, ...lines((sample, part) => (part === 'others' ? sample.others : sample[part]?.cores))])}
${plot('memory, MB', 130, [broken, ...lines((sample, part) => (part === 'others' ? null : megabytes(sample[part]?.bytes)))])}`;
}

const legendOfParts = () =>
  (Object.keys(parts) as Part[]).map((part, index) => {
    const { stroke, strokeWidth, strokeDasharray = '' } = strokes[part];
    return html`${index > 0 && ', '}<svg width="30" height="8" aria-hidden="true"><line x1="0" x2="30" y1="4" y2="4" stroke="${stroke}"
stroke-width="${strokeWidth}" stroke-dasharray="${strokeDasharray}"/></svg> ${parts[part]}`;
  });
