import { type LatencyFigure, latencyFigures } from './figures.ts';
import { type Html, html } from './html.ts';
import type { Contestant, Results } from './results.ts';
import { gain, megabytes, time, times } from './words.ts';

/** What the optimized server's reads cost as a whole: disk, writes, memory. */
export function costs(results: Results): Html | null {
  const { databases } = results;
  const memory = (who: Contestant) => peakMemory(results, who);
  const rows = [
    databases && row('the database on disk', databases.naive, databases.optimized, megabytes),
    ...writes(latencyFigures(results, 'case', 'create')),
    row(
      'memory of the server process under load, at its highest',
      memory('naive'),
      memory('optimized') ?? memory('cached'),
      megabytes,
    ),
  ];
  if (rows.every((one) => one === null)) return null;
  return html`<section id="costs"><h2>What all of it costs</h2>
<div class="scroll"><table><tr><th></th><th>naive</th><th>optimized</th><th></th></tr>${rows}</table></div>
<p class="faint">What each optimization costs on its own stands in the ladder.</p></section>`;
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
    row('a customer created and deleted again, median', of('naive'), of('optimized'), time, faster),
    row('the same with its cache', of('naive'), of('cached'), time, faster),
  ];
}

/** Bytes, of all that was looked at while the capacity was measured. */
function peakMemory({ capacity }: Results, who: Contestant): number | null {
  const seen = capacity
    .filter(({ contestant }) => contestant === who)
    .flatMap(({ samples }) => samples.flatMap(({ server }) => server?.bytes ?? []));
  return seen.length > 0 ? Math.max(...seen) : null;
}
