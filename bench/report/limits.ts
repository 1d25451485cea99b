import { type Html, html } from './html.ts';
import type { Results } from './results.ts';

/** What the figures cannot say. It stands before them. */
export function limits({ machine, settings, missing }: Results): Html {
  const customers = Number(settings.customers).toLocaleString('en-US');
  return html`<section id="limits"><h2>Limits</h2>
<ul class="limits">
${missing.map((line) => html`<li class="failed">${line}</li>`)}
<li>Load generator, servers, PostgreSQL and Redis share ${machine.cores} cores. Under load they take time from each
other; on machines of their own both servers would be faster, and not by the same factor.</li>
<li>${customers} customers. The naive server's times grow with the table, the optimized one's hardly: another size
gives other ratios. Once read, the rows stay in memory; nothing here measures a disk.</li>
<li>Both servers answer as they do by default: the naive one counts all matches, the optimized one counts when asked.
“First name with a count” counts on both.</li>
<li>“Cached” means repeated requests: in the figures of one request at a time nearly every one after the first.
Under load most requests are new, and the cache helps less.</li>
<li>One request at a time, from the same machine: no network. ${Number(settings.rounds)} rounds, the order of the servers
reversed in every second one, each measurement with new processes. A figure is the median of its rounds. Where one
answer takes seconds there are few samples, and p95 and p99 are just the slowest.</li>
<li>A capacity is that of this machine, with the load generator on it, and of this promise. At low rates a step has a dozen
requests, of which one late one breaks it.</li>
<li>A rung of the ladder stands alone, in a transaction of its own: together they buy less than the product of their
factors, or more.</li>
<li>The data is made up, with a skew as in life. Yours will differ.</li>
</ul></section>`;
}
