import { type LatencyFigure, latencyFigures, names, ratioText } from './figures.ts';
import { type Html, html } from './html.ts';
import { notRecorded } from './paths.ts';
import type { Results } from './results.ts';
import { bound, number, plain, time } from './words.ts';

/** Every figure with its rounds. */
export function all(results: Results): Html {
  const shapes = results.shapes.map(({ name, example }) =>
    rows(latencyFigures(results, 'shape', name), name, example),
  );
  const cases = results.cases.map(({ name, question }) =>
    rows(latencyFigures(results, 'case', name), question, ''),
  );
  return html`<section><h2>All figures</h2>
<details><summary>Latencies of every kind of request, with each round</summary>
<div class="scroll"><table>
<tr><th>request</th><th>server</th><th>p50</th><th>p95</th><th>p99</th><th>samples</th><th>faster</th><th>access path</th><th>p50 of each round</th></tr>
${shapes}${cases}</table></div></details>
<p class="faint">All figures are also in results.json, in the same folder.</p></section>`;
}

function rows(figures: LatencyFigure[], name: string, example: string): Html[] {
  return figures.map((figure, index) => {
    return html`<tr><td class="text">${index === 0 && html`${name}<br><code>${example}</code>`}</td>
<td class="${figure.contestant}">${names[figure.contestant]}</td>
${[figure.p50, figure.p95, figure.p99].map((ms) => html`<td>${bound(time(ms), figure.cutOff)}</td>`)}<td>${plain(figure.samples)}</td>
<td>${index > 0 && ratioText(figures, figure.contestant)}</td>
<td class="text">${figure.contestant === 'optimized' && (figure.paths.join(', ') || notRecorded)}</td>
<td>${figure.rounds.map(({ latency }) => number(latency.p50)).join(', ')}</td></tr>`;
  });
}
