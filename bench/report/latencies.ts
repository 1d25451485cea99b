import { latencyFigures } from './figures.ts';
import { histograms } from './histograms.ts';
import { type Html, html } from './html.ts';
import { legend } from './legend.ts';
import { latencyPlot } from './plots.ts';
import type { Results } from './results.ts';
import { time } from './words.ts';

/** The latencies of every kind of request, and the micro-benchmarks, as plots. */
export function latencies(results: Results): Html | null {
  const shapes = results.shapes.flatMap(({ name }) => latencyFigures(results, 'shape', name));
  const cases = results.cases.flatMap(({ name, question }) =>
    latencyFigures(results, 'case', name).map((figure) => ({ ...figure, name: question })),
  );
  if (shapes.length === 0) return null;
  return html`<section><h2>Latency, one request at a time</h2>
<p class="faint">Each line runs from the median (mark) through p95 (tick) to p99 (end), in milliseconds on a logarithmic
scale: each grid line is ten times the previous one. Small rings are the medians of single rounds.
${shapes.some(({ cutOff }) => cutOff) && html`“>”: requests were cut off at ${time(Number(results.settings.cutoff))} and would have taken longer.`}</p>
${legend(shapes)}
${latencyPlot(shapes, 'Latency of each kind of request')}
${histograms(results)}
</section>
${
  cases.length > 0 &&
  html`<section><h2>Micro-benchmarks</h2>
<p class="faint">Requests that the kinds above do not cover. Here the two servers may get different requests, as their
clients would send them.</p>
${legend(cases)}
${latencyPlot(cases, 'Latency of the micro-benchmarks')}
</section>`
}`;
}
