import { fillMarked, table } from '../report/markdown.ts';
import { type About, measuredAt } from '../report/words.ts';
import { population, type Stage } from '../stage.ts';
import { short } from '../table.ts';

// The tables in ARCHITECTURE.md of runs of `npm run ablate`.

/** What a mechanism gains and what it costs. */
export interface Ablation {
  name: string;
  /** number of shapes whose p90 without it is more than twice as long, and more than 1 ms longer */
  slower: number;
  /** number of shapes measured */
  shapes: number;
  /** p90 without it / p90 with it, geometric mean of all shapes */
  ratio: number;
  /** of the slower shapes the slowest one without it, with its p90 in ms */
  worst: { name: string; with: number; without: number } | null;
  bytes: number;
  /** µs that it adds to a create */
  micros: number;
  lines: number;
}

/** A run as stored in its file. */
export interface AblateRun extends About {
  customers: number;
  data: Stage['data'];
  mechanisms: Ablation[];
}

export const head = [
  'without',
  'slower',
  'time ratio',
  'bytes per row',
  'µs per create',
  'lines',
  'worst shape',
];

export function row({ name, slower, shapes, ratio, worst, bytes, micros, lines }: Ablation): string[] {
  const cost = [bytes, micros, lines].map((value) => (value ? `${Math.round(value)}` : ''));
  const most = worst ? `${worst.name}: ${short(worst.with)} → ${short(worst.without)} ms` : '';
  return [name, `${slower} of ${shapes}`, short(ratio), ...cost, most];
}

/** Puts the tables of runs between the marks of the document. Throws if it has none. */
export const fillAblation = (document: string, runs: readonly AblateRun[]): string =>
  fillMarked('ARCHITECTURE.md', document, 'ablate', `\n\n${runs.map(tableOf).join('\n\n')}\n\n`);

const tableOf = ({ customers, data, mechanisms, ...about }: AblateRun) =>
  `${population({ customers, data })}, ${measuredAt(about)}:\n\n${table([head, ...mechanisms.map(row)])}`;
