import { type LatencyFigure, latencyFigures } from './figures.ts';
import { type Html, html } from './html.ts';
import type { Contestant, Results } from './results.ts';
import { gain, megabytes, time, times } from './words.ts';

/** The total cost of the optimized server's reads: disk, writes, memory. */
export function costs(results: Results): Html | null {
  const { databases } = results;
  const memory = (who: Contestant) => peakMemory(results, who);
  const rows = [
    databases && row('database on disk', databases.naive, databases.optimized, megabytes),
    ...writes(latencyFigures(results, 'case', 'create')),
    row(
      'peak memory of the server process under load',
      memory('naive'),
      memory('optimized') ?? memory('cached'),
      megabytes,
    ),
  ];
  if (rows.every((one) => one === null)) return null;
  return html`<section id="costs"><h2>Total cost</h2>
<div class="scroll"><table><tr><th></th><th>naive</th><th>optimized</th><th></th></tr>${rows}</table></div>
<p class="faint">The ladder shows the cost of each optimization alone.</p></section>`;
}

function row(
  what: string,
  naive: number | null,
  optimized: number | null,
  words: (value: number) => string,
  compared: (ratio: number) => string = times,
): Html | null {
  if (naive === null || optimized === null) return null;
  return html`<tr><td class="text">${what}</td><td class="naive">${words(naive)}</td>
<td class="optimized">${words(optimized)}</td><td>${compared(optimized / naive)}</td></tr>`;
}

function writes(figures: LatencyFigure[]): (Html | null)[] {
  const of = (who: Contestant) => figures.find(({ contestant }) => contestant === who)?.p50 ?? null;
  const faster = (ratio: number) => gain(1 / ratio);
  return [
    row('create and delete a customer, median', of('naive'), of('optimized'), time, faster),
    row('the same with the cache', of('naive'), of('cached'), time, faster),
  ];
}

/** The highest memory in bytes in all samples of the capacity measurements. */
function peakMemory({ capacity }: Results, who: Contestant): number | null {
  const seen = capacity
    .filter(({ contestant }) => contestant === who)
    .flatMap(({ samples }) => samples.flatMap(({ server }) => server?.bytes ?? []));
  return seen.length > 0 ? Math.max(...seen) : null;
}
