import { type LoadFigure, loadFigures, names } from './figures.ts';
import { type Html, html } from './html.ts';
import type { Results } from './results.ts';
import { megabytes, number, percent, time } from './words.ts';

/** The seed document's scenario: rates with their errors, latencies, and memory and CPU of the server process. */
export function loads(results: Results): Html | null {
  const figures = loadFigures(results);
  if (figures.length === 0) return null;
  return html`<section><h2>Closed-loop load: users wait for their answers</h2>
<p class="faint">A slow server gets fewer requests here, so it looks better than it is. The capacity says more.</p>
<h3>The seed document's scenario</h3>
<p class="faint">Up to ${figures[0]!.users} users request four lists, one second apart: the first page, first_name=Anthony,
search=Nicholas Heights, newest first. Each round takes ${Number(results.settings.seedSeconds)} s; the full scenario takes 120 s.
It passes if less than 1 % of the requests fail and 95 % are answered within a second. Cut off: requests still unanswered
after this time and a grace period of some seconds, the slowest of all; no other figure includes them.</p>
${table(figures)}</section>`;
}

function table(figures: LoadFigure[]): Html {
  const known = figures.some(({ memory }) => memory !== null);
  const row = (
    figure: LoadFigure,
  ) => html`<tr><td>${names[figure.contestant]}</td><td>${number(figure.rate)}</td>
<td class="${figure.failed > 0 ? 'failed' : ''}">${percent(figure.failed)}</td>
<td class="${figure.cutOff > 0 ? 'failed' : ''}">${figure.cutOff}</td>
${[figure.p50, figure.p95, figure.p99].map((ms) => html`<td>${ms > 0 ? time(ms) : '–'}</td>`)}
${known && html`<td>${figure.memory ? megabytes(figure.memory) : '–'}</td><td>${figure.cpu === null ? '–' : `${number(figure.cpu)} s`}</td>`}
<td class="text">${verdict(figure)}</td></tr>`;
  return html`<div class="scroll"><table>
<tr><th>server</th><th>answers/s</th><th>failed</th><th>cut off</th><th>p50</th><th>p95</th><th>p99</th>
${known && html`<th>memory</th><th>CPU</th>`}<th>thresholds</th></tr>
${figures.map(row)}</table></div>`;
}

function verdict({ rounds }: LoadFigure): Html {
  const crossed = [...new Set(rounds.flatMap((round) => round.crossed))];
  return crossed.length === 0
    ? html`passed`
    : html`<span class="failed">crossed: ${crossed.join(', ')}</span>`;
}
