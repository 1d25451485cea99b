import { type Html, html } from './html.ts';
import type { Results } from './results.ts';
import { megabytes, times } from './words.ts';

/** What the optimized server's reads cost as a whole. */
export function disk({ databases }: Results): Html | null {
  if (databases === null) return null;
  const { naive, optimized } = databases;
  return html`<section><h2>What all of it costs</h2>
<p>The naive database takes ${megabytes(naive)} on disk, the optimized one with its read model and indexes ${megabytes(optimized)}:
${times(optimized / naive)} as much. What each part costs stands in the ladder; what a write costs, in the micro-benchmark
that creates a customer.</p></section>`;
}
