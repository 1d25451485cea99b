import { fold } from './fold.ts';
import type { Column } from './listing.ts';
import type { Values } from './rows.ts';

// A random sample of rows in memory. It shows the joint selectivity of any conditions (survey.ts) and where the matches lie in an order
// (outlook.ts), however the columns are correlated. A wrong estimate costs time, never correctness.

export interface Sample {
  /** the number of rows in the listing */
  total: number;
  rows: readonly Values[];
  /** the indices of `rows` in an order, cached by `name`: the order's name and direction */
  sorted: (name: string, make: () => Int32Array) => Int32Array;
  /** the different values of a column, by its index in a row */
  column: (at: number) => Different;
  /** by word, the indices of the rows that have it, in ascending order */
  words: ReadonlyMap<string, readonly number[]>;
  /** how many different values of a column, by its index in a row, contain a lower-case text; a frequent one is not counted to the end */
  containing: (at: number, text: string) => number;
  /** by a column's index in a row: about how many different values it has, and how closely its order is that on disk */
  statistics: ReadonlyMap<number, { distinct: number; correlation: number }>;
  /** disk blocks of the table; if that is unknown, as many as rows of usual length take */
  blocks: number;
}

/**
 * The different values of a column, so that a condition is evaluated once for each: null first, then in ascending order.
 * `text` has them in lower case, each followed by a NUL, because a search in bytes takes a tenth of the time.
 */
export interface Different {
  values: (string | number | null)[];
  text: Buffer;
  /** the offset of each value in `text`, and finally the length of `text` */
  starts: Int32Array;
  /** for each row, the index of its value */
  of: Uint16Array;
}

/** A text that one in this many values contains is frequent: counting stops there, since a full count takes longer than it saves. */
const frequent = 8;

/** A sampled row, and the words of its text vector. */
export interface Drawn {
  values: Values;
  words: Iterable<string>;
}

/** How many rows of usual length a disk block holds. */
export const usualRows = 16;

/** A sample of a listing of `total` rows. The data of its columns is derived on first use. */
export function sampleOf(
  total: number,
  drawn: readonly Drawn[],
  statistics: Sample['statistics'] = new Map(),
  blocks = Math.max(total / usualRows, 1),
): Sample {
  const sequences = new Map<string, Int32Array>();
  const columns = new Map<number, Different>();
  const rows = drawn.map(({ values }) => values);
  // A set of words for each row would take five times the memory.
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

/** Above this correlation, neighbours in an order are taken to lie together on disk. */
const leastCorrelation = 0.9;

/** Whether the rows are stored on disk in the order of a column. */
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

/** The indices of the different values that contain a lower-case text, at most `most` of them. */
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

/** Binary search for the first index from which on `isBeyond` holds; it does not hold for null. */
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
