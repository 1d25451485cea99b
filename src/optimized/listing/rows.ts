import { rfc3339 } from '../../contract/times.ts';
import type { Listing, Order, Row } from './listing.ts';

// Represents rows in the server's memory: their values, and their places in an order, compared as PostgreSQL compares them.

/** The id, then the values of the columns; integers are numbers, times are RFC 3339 in UTC with microseconds. */
export type Values = readonly (string | number | null)[];

/** Parses a value of a row, by its index there. */
export function valueAt({ columns }: Listing, text: string | null, at: number): Values[number] {
  if (text === null) return null;
  const type = at === 0 ? 'integer' : columns[at - 1]!.type;
  return type === 'integer' ? Number(text) : type === 'timestamptz' ? rfc3339(text) : text;
}

/** Parses a row of the database. */
export const valuesOf = (listing: Listing, row: Row): Values =>
  row.map((text, at) => valueAt(listing, text, at));

/** A place in an order. `key` has one value for each column of the order, null where the column is null. */
export interface Place {
  key: (string | number | null)[];
  id: number;
}

/** The place of a row in an order. */
export const placeOf = ({ columns }: Pick<Order, 'columns'>, values: Values): Place => ({
  key: columns.map(({ at }) => values[at]!),
  id: values[0] as number,
});

/** Negative if `one` comes first in the list. Nulls come last in both directions; ties are broken by id. */
export function compare(one: Place, other: Place, descending: boolean): number {
  const direction = descending ? -1 : 1;
  for (let i = 0; i < one.key.length; i++) {
    const [a, b] = [one.key[i] ?? null, other.key[i] ?? null];
    if (a === b) continue;
    if (a === null) return 1;
    if (b === null) return -1;
    return direction * (typeof a === 'number' ? a - Number(b) : byCodePoint(a, String(b)));
  }
  return direction * (one.id - other.id);
}

// JavaScript compares UTF-16, in which characters beyond 0xffff sort before those from 0xe000 to 0xffff.
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

const rank = (unit: number) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
