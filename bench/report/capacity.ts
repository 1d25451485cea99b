import type { CapacityRound, Mix, Step } from '../capacity/round.ts';
import { capacityBars, ratesPlot } from './capacity-plots.ts';
import { type CapacityFigure, capacityFigures, names } from './figures.ts';
import { type Html, html } from './html.ts';
import { legend } from './legend.ts';
import type { Results } from './results.ts';
import { timePlots } from './time-plots.ts';
import { percent, plain, time } from './words.ts';

export const mixNames: Record<Mix, string> = {
  all: 'requests of every kind',
  lists: 'requests without searches',
};
const mixes = Object.keys(mixNames) as Mix[];

/** Requests a second under a promise, latency by rate, and the resources of each part meanwhile. */
export function capacity(results: Results): Html | null {
  const measured = mixes.flatMap((mix) => {
    const figures = capacityFigures(results, mix);
    return figures.length > 0 ? [{ mix, figures }] : [];
  });
  if (measured.length === 0) return null;
  const { limit } = results.capacity[0]!;
  return html`<section id="capacity"><h2>Capacity under a latency objective</h2>
<p class="faint">The objective: 99 of 100 requests are answered within ${time(limit)}. Requests arrive at a constant rate, whether or not
earlier ones have been answered. So a slow server builds up a queue and cannot slow down its clients (no coordinated omission).
The rate doubles until the objective is missed, and the interval is then narrowed. Each rate runs on a new server. Requests
that were dropped, cut off or failed do not count as in time. Rings are single rounds.</p>
${disturbed(results.capacity)}
${measured.map(({ mix, figures }) => ofMix(mix, figures, limit))}</section>`;
}

/** The system itself, Redis and the rest of this program use half a core at most. */
function disturbed(rounds: CapacityRound[]): Html | null {
  const others = rounds.flatMap(({ samples }) => samples.flatMap((sample) => sample.others ?? []));
  const cores = others.reduce((sum, one) => sum + one, 0) / others.length;
  if (!(cores > 0.5)) return null;
  return html`<p class="failed">Other programs on this machine used ${cores.toFixed(1)} cores meanwhile, so these figures are too low.</p>`;
}

function ofMix(mix: Mix, figures: CapacityFigure[], limit: number): Html {
  const last = figures.map(({ rounds }) => rounds.at(-1)!);
  return html`<h3>${mixNames[mix]}</h3>
${capacityBars(figures, `Capacity, ${mixNames[mix]}`)}
<h4>p99 by rate</h4>
<p class="faint">p99 of the answered requests, both scales logarithmic. Filled: objective met; hollow: missed.</p>
${legend(figures)}
${ratesPlot(figures, limit, `p99 by rate, ${mixNames[mix]}`)}
<details><summary>Processor and memory over time, and every step</summary>
${last.map(
  (round) => html`<h4>${names[round.contestant]}, round ${round.round}</h4>
${timePlots(round)}
${table(figures.find(({ contestant }) => contestant === round.contestant)!.rounds)}`,
)}</details>`;
}

function table(rounds: CapacityRound[]): Html {
  return html`<div class="scroll"><table><tr><th>rate</th><th>objective</th><th>due</th><th>in time</th><th>dropped</th><th>cut off</th>
<th>failed</th><th>p50</th><th>p95</th><th>p99</th></tr>
${rounds.flatMap(({ round, steps }) => [
  html`<tr><th colspan="10">round ${round}</th></tr>`,
  ...steps.map(row),
])}</table></div>`;
}

function row(step: Step): Html {
  const bad = (count: number) => html`<td class="${count > 0 ? 'failed' : ''}">${count}</td>`;
  const answered = (ms: number) => html`<td>${ms > 0 ? time(ms) : '–'}</td>`;
  return html`<tr><td>${plain(step.rate)}/s</td><td class="${step.kept ? '' : 'failed'}">${step.kept ? 'met' : 'missed'}</td>
<td>${step.due}</td><td>${percent(step.due > 0 ? step.inTime / step.due : 0)}</td>${bad(step.dropped)}${bad(step.cutOff)}${bad(step.failed)}
${answered(step.p50)}${answered(step.p95)}${answered(step.p99)}</tr>`;
}
