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
<p class="faint">From the median (the mark) over p95 (a tick) to p99 (the end of the line), milliseconds on a
logarithmic scale: each grid line is ten times the one before. Small rings are the medians of the single rounds.
${shapes.some(({ cutOff }) => cutOff) && html`“>”: requests were cut off at ${time(Number(results.settings.cutoff))}, and would have taken longer.`}</p>
${legend(shapes)}
${latencyPlot(shapes, 'Latency of each kind of request')}
${histograms(results)}
</section>
${
  cases.length > 0 &&
  html`<section><h2>Micro-benchmarks</h2>
<p class="faint">What the kinds of requests above do not ask. Here the two servers may be asked in different ways, as
their clients would.</p>
${legend(cases)}
${latencyPlot(cases, 'Latency of the micro-benchmarks')}
</section>`
}`;
}
