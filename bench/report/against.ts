import { faster } from '../ladder/figures.ts';
import { capacityFigures, contestants, latencyFigures, names } from './figures.ts';
import { growthFigures, growthOverall, servers } from './growth.ts';
import { type Html, html } from './html.ts';
import type { Contestant, Results } from './results.ts';
import { bound, gain, moment, plain, time, times } from './words.ts';

/** The changes from one stored run to a later one. Figures with different settings are shown with a warning. */
export function against(results: Results, earlier: Results): Html {
  return html`<section id="against"><h2>Compared with ${moment(earlier.started)}</h2>
${unequal(results, earlier).map((line) => html`<p class="failed">${line}</p>`)}
<p class="faint">Medians, ${moment(earlier.started)} → ${moment(results.started)}. Changes of more than 10 % are marked. Smaller ones are
within the variation between two runs on one machine.</p>
<div class="scroll"><table><tr><th>one request at a time</th>${contestants.map((who) => html`<th colspan="2">${names[who]}</th>`)}</tr>
${results.shapes.map(
  ({ name }) =>
    html`<tr><td>${name}</td>${contestants.map((who) => latency(results, earlier, name, who))}</tr>`,
)}</table></div>
${capacities(results, earlier)}
${growth(results, earlier)}
${rungs(results, earlier)}</section>`;
}

function unequal(results: Results, earlier: Results): string[] {
  const differs = (what: string, of: (one: Results) => unknown) =>
    of(results) === of(earlier)
      ? []
      : [`Different ${what}: ${of(earlier)} → ${of(results)}. These figures are not directly comparable.`];
  return [
    ...differs('number of customers', ({ settings }) => settings.customers),
    // Runs from before the profiles used the default data.
    ...differs('kind of data', ({ settings }) => settings.data ?? 'default'),
    ...differs('processor', ({ machine }) => `${machine.cpu}, ${machine.cores} cores`),
  ];
}

function latency(results: Results, earlier: Results, name: string, who: Contestant): Html {
  const of = (one: Results) =>
    latencyFigures(one, 'shape', name).find(({ contestant }) => contestant === who) ?? null;
  const [was, is] = [of(earlier), of(results)];
  if (was === null || is === null) return html`<td colspan="2">–</td>`;
  const words = [was, is].map(({ p50, cutOff }) => bound(time(p50), cutOff)).join(' → ');
  return html`<td>${words}</td>${was.cutOff || is.cutOff ? html`<td></td>` : change(was.p50 / is.p50)}`;
}

/** `ratio` above 1 is better. */
function change(ratio: number): Html {
  if (ratio > 1.1) return html`<td class="better">▲ ${times(ratio)}</td>`;
  if (ratio < 1 / 1.1) return html`<td class="failed">▼ ${times(1 / ratio)}</td>`;
  return html`<td>=</td>`;
}

function capacities(results: Results, earlier: Results): Html | null {
  const rows = (['all', 'lists'] as const).flatMap((mix) =>
    capacityFigures(results, mix).flatMap(({ contestant, capacity }) => {
      const was = capacityFigures(earlier, mix).find((one) => one.contestant === contestant)?.capacity;
      if (was === undefined) return [];
      const changed = was > 0 && capacity > 0 ? change(capacity / was) : html`<td></td>`;
      return [
        html`<tr><td>${mix}, ${names[contestant]}</td><td>${plain(was)} → ${plain(capacity)}</td>${changed}</tr>`,
      ];
    }),
  );
  if (rows.length === 0) return null;
  return html`<table><tr><th>capacity</th><th colspan="2">requests a second</th></tr>${rows}</table>`;
}

function growth(results: Results, earlier: Results): Html | null {
  const [now, before] = [growthFigures(results), growthFigures(earlier)];
  const rows = servers.flatMap((who) => {
    const [was, is] = [growthOverall(before, who), growthOverall(now, who)];
    if (was === null || is === null) return [];
    return [html`<tr><td>${who}</td><td>${times(was)} → ${times(is)}</td>${change(was / is)}</tr>`];
  });
  if (rows.length === 0) return null;
  return html`<table><tr><th>growth</th><th colspan="2">time with ten times as many customers</th></tr>${rows}</table>`;
}

function rungs(results: Results, earlier: Results): Html | null {
  const rows = results.ladder.flatMap(({ name, title, cases }) => {
    const was = earlier.ladder.find((rung) => rung.name === name);
    return cases.flatMap((one) => {
      const before = was?.cases.find((other) => other.name === one.name);
      return before
        ? [
            html`<tr><td class="text">${title}, ${one.name}</td><td>${gain(faster(before))} → ${gain(faster(one))}</td></tr>`,
          ]
        : [];
    });
  });
  if (rows.length === 0) return null;
  return html`<div class="scroll"><table><tr><th>rung</th><th>gain</th></tr>${rows}</table></div>`;
}
