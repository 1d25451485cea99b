import { fillMarked, table } from '../report/markdown.ts';
import { type About, measuredAt } from '../report/words.ts';
import { short } from '../table.ts';

// The text of docs/scaling.md about a run of `npm run bench -- partitions`.

/** A run as stored in its file. The first table is the unpartitioned one. */
export interface PartitionsRun extends About {
  customers: number;
  titles: string[];
  found: { table: string; micros: number[] }[];
}

/** A head with the statements, and a row for each table: µs, and the factor against the unpartitioned table. */
export const rowsOf = ({ titles, found }: Pick<PartitionsRun, 'titles' | 'found'>): string[][] => [
  ['µs per statement', ...titles],
  ...found.map(({ table: name, micros }) => [
    name,
    ...micros.map((one, i) => `${short(one)} (${(one / found[0]!.micros[i]!).toFixed(2)}×)`),
  ]),
];

/** Puts the table of a run between the marks of the document. Throws if it has no marks. */
export function fillPartitions(
  document: string,
  { customers, titles, found, ...about }: PartitionsRun,
): string {
  const text = `${short(customers)} customers, one connection, ${measuredAt(about)}:\n\n${table(rowsOf({ titles, found }))}`;
  return fillMarked('docs/scaling.md', document, 'partitions', `\n${text}\n`);
}
