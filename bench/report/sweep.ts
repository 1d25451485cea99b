import { type GrowthFigure, growthFigures, growthOverall, servers, sizesOf, tenfold } from './growth.ts';
import { type Html, html } from './html.ts';
import { legend } from './legend.ts';
import type { Results } from './results.ts';
import { growthPlot } from './sweep-plot.ts';
import { bound, plain, time, times } from './words.ts';

/** The growth of each kind of request with the table, on both servers. */
export function sweep(results: Results): Html | null {
  if (results.sweep.length === 0) return null;
  const figures = growthFigures(results);
  const sizes = sizesOf(results);
  const cutOff = figures.some(({ points }) => points.some((point) => point.cutOff));
  return html`<section id="sweep"><h2>The sweep: growth with the table</h2>
${conclusion(figures)}
<p class="faint">Medians of one request at a time, cache off, in tables of ${sizes.map(plain).join(', ')} customers. Values are drawn
from each table's own rows. The lines are fitted power laws. “Tenfold” is the factor in time for ten times as many
customers, naive | optimized: 1.0× is no growth, 10× is growth in proportion to the table. Both scales are logarithmic
and the same in all panels.
${cutOff && html`Hollow with an arrow: cut off at ${time(Number(results.settings.cutoff))}, the true time is longer; the fit excludes these.`}</p>
${legend(figures)}
${growthPlot(figures, sizes)}
${table(results, figures, sizes)}</section>`;
}

function conclusion(figures: GrowthFigure[]): Html | null {
  const [naive, optimized] = [growthOverall(figures, 'naive'), growthOverall(figures, 'optimized')];
  if (naive === null || optimized === null) return null;
  return html`<p>With ten times as many customers, a request takes <b class="naive">${times(naive)}</b> as long on the naive server and
<b class="optimized">${times(optimized)}</b> as long on the optimized server (geometric means).</p>`;
}

function table({ shapes }: Results, figures: GrowthFigure[], sizes: number[]): Html {
  const cells = (name: string) =>
    servers.map((who) => {
      const figure = figures.find((one) => one.name === name && one.contestant === who)!;
      const at = (size: number) => figure.points.find(({ customers }) => customers === size);
      return html`${sizes.map((size) => cell(at(size)))}<td class="${who}">${figure.fit ? times(tenfold(figure.fit)) : '–'}</td>`;
    });
  return html`<details><summary>All figures of the sweep</summary><div class="scroll"><table>
<tr><th></th>${servers.map((who) => html`<th colspan="${sizes.length + 1}">${who}</th>`)}</tr>
<tr><th>customers</th>${servers.map(() => html`${sizes.map((size) => html`<th>${plain(size)}</th>`)}<th>tenfold</th>`)}</tr>
${shapes.map(({ name }) => html`<tr><td>${name}</td>${cells(name)}</tr>`)}</table></div>
<p class="faint">Tenfold: the factor in time for ten times as many customers, from the fit.</p></details>`;
}

const cell = (point: GrowthFigure['points'][number] | undefined) =>
  html`<td>${point ? bound(time(point.ms), point.cutOff) : '–'}</td>`;
