import { fillMarked, table } from '../report/markdown.ts';
import { type About, measuredAt } from '../report/words.ts';
import { short } from '../table.ts';

// What docs/scaling.md says of a run of `npm run bench -- partitions`.

/** A run as its file has it. The first table is the one as it is. */
export interface PartitionsRun extends About {
  customers: number;
  titles: string[];
  found: { table: string; micros: number[] }[];
}

/** A head with the statements, and a row for each table: µs, and how many times as long as on the table as it is. */
export const rowsOf = ({ titles, found }: Pick<PartitionsRun, 'titles' | 'found'>): string[][] => [
  ['µs a statement', ...titles],
  ...found.map(({ table: name, micros }) => [
    name,
    ...micros.map((one, i) => `${short(one)} (${(one / found[0]!.micros[i]!).toFixed(2)}×)`),
  ]),
];

/** Puts the table of a run between the marks of the document. Throws where it has none. */
export function fillPartitions(
  document: string,
  { customers, titles, found, ...about }: PartitionsRun,
): string {
  const text = `${short(customers)} customers, one connection, ${measuredAt(about)}:\n\n${table(rowsOf({ titles, found }))}`;
  return fillMarked('docs/scaling.md', document, 'partitions', `\n${text}\n`);
}
