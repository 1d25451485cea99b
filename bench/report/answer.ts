import {
  type CapacityFigure,
  capacityFigures,
  type LatencyFigure,
  latencyFigures,
  overall,
  overallText,
  ratio,
} from './figures.ts';
import { growthFigures, growthOverall } from './growth.ts';
import { type Html, html } from './html.ts';
import { describePath, notRecorded } from './paths.ts';
import type { Contestant, Results } from './results.ts';
import { bound, moment, plain, time, times } from './words.ts';

/** The first screen: how much faster, and why. */
export function answer(results: Results): Html {
  const { equality, settings, machine } = results;
  const customers = Number(settings.customers).toLocaleString('en-US');
  const faster = overallText(results, 'optimized');
  return html`<header>
<h1>The same answers${faster !== null && html`, <span class="optimized">${faster}</span> as fast`}</h1>
<p class="faint">Two servers, one contract, ${customers} customers. ${moment(results.started)}.
Limits first: everything shared one machine with ${machine.cores} cores, without a network; “cached” means repeated requests. <a href="#limits">All limits</a>.</p>
${proof(equality)}
<div class="heads">${heads(results)}</div>
<h2>What the optimized server did</h2>
<table class="why">${reasons(results).map(reason)}</table>
<p class="faint">The optimized server reports the access path in the Server-Timing header of each answer. Times are medians of one
request at a time, naive → optimized, cache off, for the kind of request with the largest gain; factors are geometric means.</p>
</header>`;
}

function proof({ requests, filled, pages, differences }: Results['equality']): Html {
  if (differences.length > 0) {
    return html`<p class="failed">${differences.length} of ${requests} requests were answered differently, so the
figures below compare two different things.</p>`;
  }
  return html`<p class="proof">Before the measurements, both servers answered ${requests} generated requests (${pages} pages) with
byte-for-byte equal results; ${filled} of these requests found customers.</p>`;
}

function heads(results: Results): Html[] {
  const big = (contestant: Contestant, words: string) => {
    const value = overallText(results, contestant);
    return value === null ? [] : [html`<div><b class="${contestant}">${value}</b> ${words}</div>`];
  };
  const lists = capacityFigures(results, 'lists');
  const all = capacityFigures(results, 'all');
  return [
    ...big('optimized', 'as fast by design alone, cache off, over all kinds of requests'),
    ...big('cached', 'as fast with its cache, for repeated requests'),
    ...promise(results, all, 'of every kind'),
    ...promise(results, lists, 'without searches'),
    ...growth(results),
  ];
}

function promise({ capacity }: Results, figures: CapacityFigure[], kind: string): Html[] {
  const of = (who: Contestant) => figures.find(({ contestant }) => contestant === who)?.capacity;
  const [naive, optimized] = [of('naive'), of('optimized')];
  if (naive === undefined || optimized === undefined) return [];
  const rate = (value: number) => (value === 0 ? 'none' : plain(value));
  return [
    html`<div><b><span class="naive">${rate(naive)}</span> → <span class="optimized">${rate(optimized)}</span></b>
requests a second ${kind}, with 99 of 100 answered within ${time(capacity[0]!.limit)}</div>`,
  ];
}

function growth(results: Results): Html[] {
  const figures = growthFigures(results);
  const [naive, optimized] = [growthOverall(figures, 'naive'), growthOverall(figures, 'optimized')];
  if (naive === null || optimized === null) return [];
  return [
    html`<div><b><span class="naive">${times(naive)}</span> | <span class="optimized">${times(optimized)}</span></b>
the time with ten times as many customers, naive | optimized</div>`,
  ];
}

/** The access paths taken, the largest gain first, each with the kinds of requests that mostly took it. */
function reasons(results: Results) {
  const figures = results.shapes.map(({ name }) => latencyFigures(results, 'shape', name));
  const paths = Map.groupBy(figures, (one) => optimizedOf(one)?.paths[0] ?? notRecorded);
  return [...paths]
    .map(([path, taken]) => {
      const best = taken.toSorted((a, b) => (ratio(b, 'optimized') ?? 0) - (ratio(a, 'optimized') ?? 0))[0]!;
      const shapes = taken.flatMap((one) => one[0]?.name ?? []);
      const faster = overall(results, 'optimized', shapes) ?? 0;
      const rarely = taken.flatMap((one) => optimizedOf(one)?.paths.slice(1) ?? []);
      const words = overallText(results, 'optimized', shapes);
      return { path, best, shapes, rarely: [...new Set(rarely)], faster, words };
    })
    .sort((a, b) => b.faster - a.faster);
}

const optimizedOf = (figures: LatencyFigure[]) =>
  figures.find(({ contestant }) => contestant === 'optimized');

function reason({ path, best, shapes, rarely, words }: ReturnType<typeof reasons>[number]): Html | null {
  const naive = best.find(({ contestant }) => contestant === 'naive');
  const optimized = optimizedOf(best);
  if (!naive || !optimized) return null;
  const described = describePath(path);
  const what =
    path === notRecorded
      ? 'the access path was not recorded'
      : html`<code>${path}</code>${described !== path && `: ${described}`}`;
  return html`<tr><td><b>${words}</b></td><td class="text">${what}<br>
<small>${shapes.join(', ')}${rarely.length > 0 && html`; some of these requests took <code>${rarely.join(', ')}</code>`}.
${naive.name}: <span class="naive">${bound(time(naive.p50), naive.cutOff)}</span> → <span class="optimized">${time(optimized.p50)}</span>${
    naive.queries !== null &&
    optimized.queries !== null &&
    html`, statements ${naive.queries} → ${optimized.queries}`
  }</small></td></tr>`;
}
