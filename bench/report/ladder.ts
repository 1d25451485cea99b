import type { Explained } from '../ladder/explain.ts';
import { faster, p50, price } from '../ladder/figures.ts';
import type { RungResult } from '../ladder/result.ts';
import { type Side, sides } from '../ladder/rung.ts';
import { type Html, html } from './html.ts';
import { ladderPlot } from './ladder-plot.ts';
import { planTree } from './plan.ts';
import type { Results } from './results.ts';
import { viewerButton } from './viewer.ts';
import { gain, megabytes, plain, time, times } from './words.ts';

/** The gain of each optimization on its own: a plot of all, then a section for each with plans and costs. */
export function ladder({ ladder, settings }: Results): Html | null {
  if (ladder.length === 0) return null;
  return html`<section id="ladder"><h2>The ladder: the gain of each optimization alone</h2>
<p class="faint">The same answer in two ways, from the same database, one change apart. The answers were compared first.
Medians of ${plural(Number(settings['ladder.rounds']), 'round')} on new connections; small rings are single rounds. If the two marks
coincide or are reversed, the change does not pay; such cases are shown too.</p>
<ul class="legend"><li><span class="naive">●</span> before</li><li><span class="optimized">■</span> after</li></ul>
${ladderPlot(ladder)}
${costs(ladder)}
<h3>Each rung, with its statements and plans</h3>
<p class="faint">Read a plan from the innermost node outwards. The slowest node is marked. “Open plan” shows the plan in
pev2, which is part of this file.</p>
${ladder.map(rung)}
</section>`;
}

function costs(ladder: RungResult[]): Html {
  return html`<h3>Cost</h3>
<p class="faint">Setup: time to build what the way “after” needs, once. Disk: additional tables and indexes. Writes: factor in the
time to insert a thousand customers in one statement. Memory: plans kept in each connection, or memory of the server
and Redis.</p>
<div class="scroll"><table><tr><th>rung</th><th>setup</th><th>disk</th><th>writes</th><th>memory</th></tr>
${ladder.map((result) => {
  const { build, diskBytes, writes, memoryBytes } = price(result);
  return html`<tr><td class="text">${result.title}</td><td>${build > 1 ? time(build) : '–'}</td>
<td>${diskBytes === null ? '–' : signed(diskBytes)}</td><td>${writes === null ? '–' : times(writes)}</td>
<td>${memoryBytes === null ? '–' : signed(memoryBytes)}</td></tr>`;
})}</table></div>`;
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
const signed = (bytes: number) => `${bytes < 0 ? '−' : '+'}${megabytes(Math.abs(bytes))}`;

function rung(result: RungResult): Html {
  const { name, title, changes, notPaying, cases } = result;
  const best = cases.toSorted((a, b) => faster(b) - faster(a))[0]!;
  return html`<details class="rung" id="${name}"><summary><b>${gain(faster(best))}</b> ${title}</summary>
<p>${changes}</p><p class="faint">${notPaying}</p>
<div class="scroll"><table><tr><th>case</th><th>before</th><th>after</th><th>faster</th><th>statements</th><th>rows read</th>
<th>blocks read</th><th>memory</th></tr>${cases.map(row)}</table></div>
<div class="pair">${sides.map((side) => way(result, best, side))}</div></details>`;
}

function row(one: RungResult['cases'][number]): Html {
  const { before, after } = one.asked;
  const pair = (of: 'statements' | 'rowsRead' | 'blocks') =>
    before.work && after.work ? `${plain(before.work[of])} → ${plain(after.work[of])}` : '–';
  const memory = (side: Side) => {
    const { work } = one.asked[side];
    return work
      ? `${plain(Math.round(work.memoryBytes / 1024))} kB${work.spilled ? ' and temporary files' : ''}`
      : '–';
  };
  return html`<tr><td>${one.name}</td><td class="naive">${time(p50(before))}</td>
<td class="optimized">${time(p50(after))}</td><td>${gain(faster(one))}</td><td>${pair('statements')}</td>
<td>${pair('rowsRead')}</td><td>${pair('blocks')}</td><td>${memory('before')} → ${memory('after')}</td></tr>`;
}

function way(result: RungResult, { name, asked }: RungResult['cases'][number], side: Side): Html {
  const { work } = asked[side];
  const setup = result.setup[side];
  const plan = work?.plan as Explained | undefined;
  return html`<div><h4>${side === 'before' ? 'Before' : 'After'}</h4>
${setup !== null && html`<details><summary>Setup</summary><pre>${setup}</pre></details>`}
<pre>${result.text[side]}</pre>
${
  plan
    ? html`<p class="faint">Plan: ${name}</p>${planTree(plan.Plan)}
<div>${viewerButton(`${result.name}-${side}`, plan, result.text[side])}</div>`
    : null
}</div>`;
}
