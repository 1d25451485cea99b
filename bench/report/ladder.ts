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

/** What each optimization buys on its own: a plot of all, then a section for each with plans and costs. */
export function ladder({ ladder, settings }: Results): Html | null {
  if (ladder.length === 0) return null;
  return html`<section id="ladder"><h2>The ladder: what each optimization buys, alone</h2>
<p class="faint">The same answer by two ways, from the same database, one change apart; the answers were compared first.
Medians of ${plural(Number(settings['ladder.rounds']), 'round')} in fresh connections; small rings are the single rounds. Where the ways
meet, or cross, it does not pay: that is shown, too.</p>
<ul class="legend"><li><span class="naive">●</span> before</li><li><span class="optimized">■</span> after</li></ul>
${ladderPlot(ladder)}
${costs(ladder)}
<h3>Each rung, with its statements and plans</h3>
<p class="faint">A plan is read from the inside out. Marked is the node that took longest. “Look into it” opens the plan in
pev2, which is part of this file.</p>
${ladder.map(rung)}
</section>`;
}

function costs(ladder: RungResult[]): Html {
  return html`<h3>What it costs</h3>
<p class="faint">Building: what the way after stands on, once. Disk: tables and indexes that come on top. Writes: how many times
as long a thousand new customers in one statement take. Memory: plans kept in each connection, or what server and
Redis hold.</p>
<div class="scroll"><table><tr><th>rung</th><th>building</th><th>disk</th><th>writes</th><th>memory</th></tr>
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
<div class="scroll"><table><tr><th>asked</th><th>before</th><th>after</th><th>faster</th><th>statements</th><th>rows read</th>
<th>pages read</th><th>memory</th></tr>${cases.map(row)}</table></div>
<div class="pair">${sides.map((side) => way(result, best, side))}</div></details>`;
}

function row(one: RungResult['cases'][number]): Html {
  const { before, after } = one.asked;
  const pair = (of: 'statements' | 'rowsRead' | 'blocks') =>
    before.work && after.work ? `${plain(before.work[of])} → ${plain(after.work[of])}` : '–';
  const memory = (side: Side) => {
    const { work } = one.asked[side];
    return work ? `${plain(Math.round(work.memoryBytes / 1024))} kB${work.spilled ? ' and files' : ''}` : '–';
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
${setup !== null && html`<details><summary>What it stands on</summary><pre>${setup}</pre></details>`}
<pre>${result.text[side]}</pre>
${
  plan
    ? html`<p class="faint">Its plan: ${name}</p>${planTree(plan.Plan)}
<div>${viewerButton(`${result.name}-${side}`, plan, result.text[side])}</div>`
    : null
}</div>`;
}
