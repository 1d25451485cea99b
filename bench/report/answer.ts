import { latencyFigures, loadFigures, overall, ratio } from './figures.ts';
import { type Html, html } from './html.ts';
import type { Contestant, Results } from './results.ts';
import { moment, number, percent, time, times } from './words.ts';

/** The first screen: how much faster, and why. */
export function answer(results: Results): Html {
  const { equality, settings, machine } = results;
  const customers = Number(settings.customers).toLocaleString('en-US');
  return html`<header>
<h1>The same answers, how much faster?</h1>
<p class="faint">Two servers, one contract, ${customers} customers. ${moment(results.started)}.
Limits first: everything shared one machine of ${machine.cores} cores, without a network; “cached” means requests that repeat. <a href="#limits">All limits</a>.</p>
${proof(equality)}
<div class="heads">${heads(results)}</div>
</header>
${reasons(results).map(
  ([why, shapes]) => html`<section><h3>${why}</h3>
<div class="cards">${shapes.map((shape) => card(results, shape))}</div></section>`,
)}
<p class="faint">Each figure: median of one request at a time, naive → optimized, cache off; below it the same with
the cache, where a repeated request is answered from memory, and how many statements one answer took.</p>`;
}

function proof({ requests, filled, pages, differences }: Results['equality']): Html {
  if (differences.length > 0) {
    return html`<p class="failed">${differences.length} of ${requests} requests were answered differently: the
figures below compare two different things.</p>`;
  }
  return html`<p class="proof">${requests} generated requests, ${pages} pages: both servers gave the same answers,
byte for byte, before anything was measured (${filled} requests found somebody).</p>`;
}

function heads(results: Results): Html[] {
  const big = (contestant: Contestant, words: string) => {
    const value = overall(results, contestant);
    return value === null ? [] : [html`<div><b class="${contestant}">${times(value)}</b> ${words}</div>`];
  };
  const load = loadFigures(results, 'mixed');
  const naive = load.find(({ contestant }) => contestant === 'naive');
  const optimized = load.find(({ contestant }) => contestant === 'optimized');
  const more = naive && optimized && naive.rate > 0 ? optimized.rate / naive.rate : null;
  return [
    ...big(
      'optimized',
      'faster by its design alone, cache off (geometric mean over the kinds of requests below)',
    ),
    ...big('cached', 'faster with its cache, when requests repeat'),
    more === null
      ? html``
      : html`<div><b class="optimized">${times(more)}</b> as many answers a second under a mixed load, cache off:
${number(naive!.rate)} → ${number(optimized!.rate)}, failed ${percent(naive!.failed)} → ${percent(optimized!.failed)}</div>`,
  ];
}

/** The shapes by what makes the difference, those with the greatest one first. */
function reasons(results: Results): [why: string, shapes: string[]][] {
  const groups = new Map<string, string[]>();
  for (const { name, why } of results.shapes) groups.set(why, [...(groups.get(why) ?? []), name]);
  const greatest = (shapes: string[]) =>
    Math.max(...shapes.map((name) => ratio(latencyFigures(results, 'shape', name), 'optimized') ?? 0));
  return [...groups].sort(([, a], [, b]) => greatest(b) - greatest(a));
}

function card(results: Results, name: string): Html {
  const figures = latencyFigures(results, 'shape', name);
  const of = (contestant: Contestant) => figures.find((figure) => figure.contestant === contestant);
  const [naive, optimized, cached] = [of('naive'), of('optimized'), of('cached')];
  const faster = ratio(figures, 'optimized');
  if (!naive || !optimized || faster === null) return html`<div class="card"><b>–</b>${name}</div>`;
  const statements = naive.queries !== null && `statements ${naive.queries} → ${optimized.queries}`;
  return html`<div class="card"><b>${times(faster)}</b>${name}<br>
<span class="naive">${time(naive.p50)}</span> → <span class="optimized">${time(optimized.p50)}</span>
<small>${cached ? html`cached ${time(cached.p50)}<br>` : ''}${statements}</small></div>`;
}
