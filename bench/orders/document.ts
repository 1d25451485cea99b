import { fillMarked, table } from '../report/markdown.ts';
import { type About, measuredAt, megabytes } from '../report/words.ts';
import { median } from '../statistics.ts';
import { short } from '../table.ts';

// The README's text about a run of `npm run bench -- orders`.

/** The measurements of a page: ms of each round, and the access path that the listing took. */
export interface Measured {
  title: string;
  path: string;
  plain: number[];
  listing: number[];
}

/** A run as stored in its file. */
export interface OrdersRun extends About {
  orders: number;
  rounds: number;
  /** bytes of the table with its key, and of all the listing's tables and indexes */
  bytes: { table: number; listing: number };
  measured: Measured[];
}

export const head = ['', 'plain ms', 'listing ms', 'faster', 'access path'];

export function row({ title, plain, listing, path }: Measured): string[] {
  const [before, after] = [median(plain), median(listing)];
  return [title, short(before), short(after), `${short(before / after)}×`, path];
}

/** Puts the table of a run between the marks of the README. Throws if it has no marks. */
export function fillOrders(
  document: string,
  { orders, rounds, bytes, measured, ...about }: OrdersRun,
): string {
  const text = `${short(orders)} orders, medians of ${rounds} rounds, one request at a time, no cache, ${measuredAt(about)}. The orders take
${megabytes(bytes.table)}, their listing ${megabytes(bytes.listing)} more.`;
  return fillMarked('README.md', document, 'orders', `\n${text}\n\n${table([head, ...measured.map(row)])}\n`);
}
