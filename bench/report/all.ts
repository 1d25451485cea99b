import { type LatencyFigure, latencyFigures, names, ratio } from './figures.ts';
import { type Html, html } from './html.ts';
import type { Results } from './results.ts';
import { number, time, times } from './words.ts';

/** Every figure with its rounds, for those who want to know. */
export function all(results: Results): Html {
  const shapes = results.shapes.map(({ name, example }) =>
    rows(latencyFigures(results, 'shape', name), name, example),
  );
  const cases = results.cases.map(({ name, question }) =>
    rows(latencyFigures(results, 'case', name), question, ''),
  );
  return html`<section><h2>All figures</h2>
<details><summary>Latencies of every kind of request, with their rounds</summary>
<div class="scroll"><table>
<tr><th>request</th><th>server</th><th>p50</th><th>p95</th><th>p99</th><th>samples</th><th>faster</th><th>p50 of each round</th></tr>
${shapes}${cases}</table></div></details>
<p class="faint">The file results.json beside this one holds all of it as data.</p></section>`;
}

function rows(figures: LatencyFigure[], name: string, example: string): Html[] {
  return figures.map((figure, index) => {
    const faster = index > 0 ? ratio(figures, figure.contestant) : null;
    return html`<tr><td class="text">${index === 0 && html`${name}<br><code>${example}</code>`}</td>
<td class="${figure.contestant}">${names[figure.contestant]}</td>
<td>${time(figure.p50)}</td><td>${time(figure.p95)}</td><td>${time(figure.p99)}</td><td>${number(figure.samples)}</td>
<td>${faster === null ? '' : times(faster)}</td>
<td>${figure.rounds.map(({ latency }) => number(latency.p50)).join(', ')}</td></tr>`;
  });
}
