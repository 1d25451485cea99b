import * as Plot from '@observablehq/plot';
import { contestants } from './figures.ts';
import { type Html, html } from './html.ts';
import { legend } from './legend.ts';
import { color, inBothSizes, logTicks } from './plot.ts';
import type { Contestant, LatencyRound, Results } from './results.ts';
import { plain } from './words.ts';

interface Bin {
  shape: string;
  contestant: Contestant;
  from: number;
  to: number;
  /** Share of the answers of this shape and contestant. */
  share: number;
}

// Makes the contestants differ without color, too.
const lightness = ({ contestant }: Bin) => ({ naive: 0.8, optimized: 0.4, cached: 0.08 })[contestant];

/** The latency distribution of each kind of request: all rounds together, ten bins to a power of ten. */
export function histograms({ shapes, latencies }: Results): Html | null {
  const bins = shapes.flatMap(({ name }) =>
    contestants.flatMap((contestant) =>
      binsOf(
        latencies.filter(
          (round) => round.kind === 'shape' && round.name === name && round.contestant === contestant,
        ),
      ),
    ),
  );
  if (bins.length === 0) return null;
  const names = shapes.map(({ name }) => name);
  return html`<h3>Distribution</h3>
<p class="faint">Share of the answers by latency, ten bins per power of ten. Each histogram is scaled to its highest bin.</p>
${legend(bins)}
${inBothSizes('Histograms of the latencies of each kind of request', (size) => plotOf(bins, names, size === 'wide' ? 4 : 2))}`;
}

function plotOf(bins: Bin[], names: string[], columns: number): Plot.PlotOptions {
  const place = (shape: string) => names.indexOf(shape);
  const fx = ({ shape }: { shape: string }) => place(shape) % columns;
  const fy = ({ shape }: { shape: string }) => Math.floor(place(shape) / columns);
  const highest = (bin: Bin) =>
    Math.max(
      ...bins
        .filter(({ shape, contestant }) => shape === bin.shape && contestant === bin.contestant)
        .map(({ share }) => share),
    );
  const drawn = bins.map((bin) => ({ ...bin, height: bin.share / highest(bin) }));
  const values = bins.flatMap(({ from, to }) => [from, to]);
  const place1 = { fx, fy, x1: 'from', x2: 'to', y: 'height' };
  return {
    ...{ marginLeft: 8, marginRight: 12, marginTop: 4, marginBottom: 32 },
    height: 40 + Math.ceil(names.length / columns) * 84,
    x: {
      type: 'log',
      label: 'ms →',
      ticks: logTicks(values).filter((_, index) => index % 2 === 0),
      tickFormat: plain,
    },
    y: { axis: null, domain: [0, 1.45] },
    fx: { axis: null, padding: 0.08 },
    fy: { axis: null, padding: 0.12 },
    color,
    marks: [
      Plot.rectY(drawn, {
        ...place1,
        fill: 'contestant',
        fillOpacity: lightness,
        stroke: 'contestant',
        strokeWidth: 0.75,
      }),
      Plot.text(
        names.map((shape) => ({ shape })),
        {
          fx,
          fy,
          text: 'shape',
          frameAnchor: 'top-left',
          fontWeight: 600,
          lineWidth: 17,
          textOverflow: 'ellipsis',
        },
      ),
      Plot.ruleY([0], { stroke: 'var(--line)' }),
    ],
  };
}

function binsOf(rounds: LatencyRound[]): Bin[] {
  const counts = new Map<number, number>();
  for (const { latency } of rounds) {
    for (const [index, count] of (latency.histogram?.counts ?? []).entries()) {
      const bin = latency.histogram!.first + index;
      if (count > 0) counts.set(bin, (counts.get(bin) ?? 0) + count);
    }
  }
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts].map(([bin, count]) => ({
    ...{ shape: rounds[0]!.name, contestant: rounds[0]!.contestant },
    ...{ from: 10 ** (bin / 10), to: 10 ** ((bin + 1) / 10), share: count / all },
  }));
}
