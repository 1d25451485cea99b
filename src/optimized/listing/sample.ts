import { fold } from './fold.ts';
import type { Column } from './listing.ts';
import type { Values } from './rows.ts';

// A random sample of rows, in memory: it shows the selectivity of any conditions together (survey.ts) and where the matching rows
// lie in an order (outlook.ts), however the columns are correlated. A wrong estimate costs time, never a right answer.

export interface Sample {
  /** rows of the listing */
  total: number;
  rows: readonly Values[];
  /** the rows in the order of a list, by the order's name and direction */
  sorted: (name: string, make: () => Int32Array) => Int32Array;
  /** a column, by its place in a row */
  column: (at: number) => Different;
  /** the rows that have a word, in ascending order */
  words: ReadonlyMap<string, readonly number[]>;
  /** how many different values of a column, by its place in a row, contain a text in lower case; of frequent ones not all are counted */
  containing: (at: number, text: string) => number;
  /** of a column, by its place in a row: about how many different values it has, and how far its rows lie in its order on disk */
  statistics: ReadonlyMap<number, { distinct: number; correlation: number }>;
  /** in how many blocks the rows lie; as rows of usual length would where that is not known */
  blocks: number;
}

/**
 * The different values of a column, so that a condition is judged once for each: nulls first, then in ascending order.
 * `text` has them in lower case, one after the other, each before a NUL, since to search bytes takes a tenth of the time.
 */
export interface Different {
  values: (string | number | null)[];
  text: Buffer;
  /** where each value begins in `text`, and at last where the text ends */
  starts: Int32Array;
  /** which of them each row has */
  of: Uint16Array;
}

/** A text that one in so many values contains is frequent: to count all of those takes longer than to find what they show. */
const frequent = 8;

/** A row, and the words of its text vector. */
export interface Drawn {
  values: Values;
  words: Iterable<string>;
}

/** Rows of usual length in a block. */
export const usualRows = 16;

/** A sample of a listing of `total` rows. What is made of its columns is made when first asked for. */
export function sampleOf(
  total: number,
  drawn: readonly Drawn[],
  statistics: Sample['statistics'] = new Map(),
  blocks = Math.max(total / usualRows, 1),
): Sample {
  const sequences = new Map<string, Int32Array>();
  const columns = new Map<number, Different>();
  const rows = drawn.map(({ values }) => values);
  // A set of the words of each row would take five times the memory.
  const words = new Map<string, number[]>();
  drawn.forEach((row, i) => {
    for (const word of row.words) words.getOrInsertComputed(word, () => []).push(i);
  });
  const column = (at: number) => columns.getOrInsertComputed(at, () => differentIn(rows, at));
  return {
    ...{ total: Math.max(total, rows.length), rows, words, statistics, blocks, column },
    sorted: (name, make) => sequences.getOrInsertComputed(name, make),
    containing(at, text) {
      const different = column(at);
      return valuesWith(different, text, different.values.length / frequent).length;
    },
  };
}

/** Rows of an order with a higher correlation lie together on disk. */
const leastCorrelation = 0.9;

/** Whether the rows lie on disk in the order of a column. */
export const isClustered = ({ statistics }: Sample, { at }: Column): boolean =>
  (statistics.get(at)?.correlation ?? 0) > leastCorrelation;

function differentIn(rows: readonly Values[], at: number): Different {
  const values = [...new Set(rows.map((row) => row[at]!))].sort((a, b) =>
    a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1,
  );
  const places = new Map(values.map((value, i) => [value, i]));
  const texts = values.map((value) => Buffer.from(`${fold(String(value ?? ''))}\0`));
  const starts = new Int32Array(values.length + 1);
  texts.forEach(({ length }, i) => {
    starts[i + 1] = starts[i]! + length;
  });
  const of = Uint16Array.from(rows, (row) => places.get(row[at]!)!);
  return { values, text: Buffer.concat(texts), starts, of };
}

/** Of the different values of a column, the places of those that contain a text in lower case, or so many of them. */
export function valuesWith(
  { text, starts }: Different,
  part: string,
  most = Number.POSITIVE_INFINITY,
): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at >= 0 && at < text.length && found.length < most; ) {
    const i = firstAt(starts, (start) => start > at) - 1;
    found.push(i);
    at = text.indexOf(part, starts[i + 1]!);
  }
  return found;
}

/** The first place from which on `isBeyond` holds; it does not hold for null. */
export function firstAt<T extends string | number>(
  values: ArrayLike<T | null>,
  isBeyond: (value: T) => boolean,
): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle]!;
    if (value !== null && isBeyond(value)) high = middle;
    else low = middle + 1;
  }
  return low;
}
