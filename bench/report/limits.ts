import { type Html, html } from './html.ts';
import type { Results } from './results.ts';

/** The limits of the figures, shown before them. */
export function limits({ machine, settings, missing }: Results): Html {
  const customers = Number(settings.customers).toLocaleString('en-US');
  return html`<section id="limits"><h2>Limits</h2>
<ul class="limits">
${missing.map((line) => html`<li class="failed">${line}</li>`)}
<li>The load generator, the servers, PostgreSQL and Redis share ${machine.cores} cores and compete for them under load. On
separate machines both servers would be faster, but not by the same factor.</li>
<li>${customers} customers. The naive server's times grow with the table; the optimized server's barely do. So each ratio
holds for one size only. Once read, the rows stay in memory; no figure here measures the disk.</li>
<li>Both servers use their defaults: the naive server counts all matches, the optimized server counts on request.
“First name with a count” counts on both.</li>
<li>“Cached” means repeated requests. With one request at a time, nearly every request after the first is a repeated one.
Under load most requests are new, so the cache helps less.</li>
<li>Latencies are of one request at a time, from the same machine, so without a network. There are ${Number(settings.rounds)} rounds. Every
second round reverses the order of the servers, and each measurement uses new processes. A figure is the median of its
rounds. If one answer takes seconds, there are few samples, and p95 and p99 are just the slowest.</li>
<li>A capacity holds for this machine, with the load generator on it, and for this latency objective. At low rates a step
has a dozen requests, and a single late one misses the objective.</li>
<li>Each rung of the ladder is measured alone, in its own transaction. Together the rungs gain less than the product of
their factors, or more.</li>
<li>The data is synthetic, with a realistic skew. Yours will differ.</li>
</ul></section>`;
}
