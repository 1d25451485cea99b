import { fillMarked, table } from '../report/markdown.ts';
import { type About, measuredAt } from '../report/words.ts';
import { population, type Stage } from '../stage.ts';
import { short } from '../table.ts';

// What ARCHITECTURE.md says of runs of `npm run ablate`.

/** What is lost without a mechanism, and what it costs. */
export interface Ablation {
  name: string;
  /** shapes of which the slowest tenth of the requests takes more than twice as long, and a millisecond more */
  slower: number;
  /** of how many shapes */
  shapes: number;
  /** how many times as long all shapes take, as a geometric mean */
  ratio: number;
  /** the shape that is slowest without it, with the ms of its slowest tenth */
  worst: { name: string; with: number; without: number } | null;
  bytes: number;
  /** µs of a create */
  micros: number;
  lines: number;
}

/** A run as its file has it. */
export interface AblateRun extends About {
  customers: number;
  data: Stage['data'];
  mechanisms: Ablation[];
}

export const head = [
  'without',
  'slower',
  'times, in all',
  'bytes a row',
  'µs a create',
  'lines',
  'the worst',
];

export function row({ name, slower, shapes, ratio, worst, bytes, micros, lines }: Ablation): string[] {
  const cost = [bytes, micros, lines].map((value) => (value ? `${Math.round(value)}` : ''));
  const most = worst ? `${worst.name}: ${short(worst.with)} → ${short(worst.without)} ms` : '';
  return [name, `${slower} of ${shapes}`, short(ratio), ...cost, most];
}

/** Puts the tables of runs between the marks of the document. Throws where it has none. */
export const fillAblation = (document: string, runs: readonly AblateRun[]): string =>
  fillMarked('ARCHITECTURE.md', document, 'ablate', `\n\n${runs.map(tableOf).join('\n\n')}\n\n`);

const tableOf = ({ customers, data, mechanisms, ...about }: AblateRun) =>
  `${population({ customers, data })}, ${measuredAt(about)}:\n\n${table([head, ...mechanisms.map(row)])}`;
