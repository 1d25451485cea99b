import { fold } from './fold.ts';
import type { Values } from './rows.ts';

// A random sample of rows in memory. It shows the joint selectivity of any conditions (survey.ts) and where the matches lie in an order
// (outlook.ts), however the columns are correlated. A wrong estimate costs time, never correctness.

export interface Sample {
  /** the number of rows in the listing */
  total: number;
  rows: readonly Values[];
  /** the rows in an order, cached by `name`: the order's name and direction; `make` sorts the indices of `rows` */
  sorted: (name: string, make: () => Int32Array) => Sequence;
  /** the different values of a column, by its index in a row */
  column: (at: number) => Different;
  /** the words of the rows, in ascending order */
  words: readonly string[];
  /** the indices of the rows that have a word, in ascending order */
  having: (word: string) => Int32Array;
  /** how many different values of a column, by its index in a row, contain a lower-case text, counted to `most` at the highest */
  containing: (at: number, text: string, most?: number) => number;
  /** by a column's index in a row: about how many different values it has in the table */
  distinct: ReadonlyMap<number, number>;
  /** the share of rows that are not stored in the order of a column, by its index in a row; 1 if the table has another order */
  scattered: (at: number) => number;
  /** disk blocks of the table; if that is unknown, as many as rows of usual length take */
  blocks: number;
}

/** The indices of the sample's rows in an order, and the place of each row in it. */
export interface Sequence {
  sequence: Int32Array;
  places: Int32Array;
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

/** A sampled row, and the words of its text vector. */
export interface Drawn {
  values: Values;
  words: Iterable<string>;
  /** the disk block that it is in */
  block?: number;
}

/** How many rows of usual length a disk block holds. */
export const usualRows = 16;

/** A sample of a listing of `total` rows. The data of its columns is derived on first use. */
export function sampleOf(
  total: number,
  drawn: readonly Drawn[],
  distinct: Sample['distinct'] = new Map(),
  blocks = Math.max(total / usualRows, 1),
): Sample {
  const sequences = new Map<string, Sequence>();
  const columns = new Map<number, Different>();
  const scatters = new Map<number, number>();
  const rows = drawn.map(({ values }) => values);
  const places = drawn.map(({ block }) => block ?? Number.NaN);
  const column = (at: number) => columns.getOrInsertComputed(at, () => differentIn(rows, at));
  return {
    ...{ total: Math.max(total, rows.length), rows, distinct, blocks, column, ...wordsOf(drawn) },
    scattered: (at) => scatters.getOrInsertComputed(at, () => scatteredIn(rows, places, column(at), blocks)),
    sorted: (name, make) => sequences.getOrInsertComputed(name, () => withPlaces(make())),
    containing: (at, text, most) => valuesWith(column(at), text, most).length,
  };
}

/**
 * Most words are in one row, so their lists lie in one array, in the order of the words: an array and a map entry for each word took
 * five times the memory.
 */
function wordsOf(drawn: readonly Drawn[]): Pick<Sample, 'words' | 'having'> {
  const { words, ends, rows } = postingLists(drawn);
  return {
    words,
    having(word) {
      const i = firstAt(words, (one) => one >= word);
      return words[i] === word ? rows.subarray(ends[i - 1] ?? 0, ends[i]) : rows.subarray(0, 0);
    },
  };
}

/** The words in ascending order, the end of the list of each, and all lists. */
function postingLists(drawn: readonly Drawn[]) {
  const lists = new Map<string, number[]>();
  drawn.forEach((row, i) => {
    for (const word of row.words) lists.getOrInsertComputed(word, () => []).push(i);
  });
  // Without a comparison function, a fifth of the time: nothing else runs meanwhile.
  const words = [...lists.keys()].sort();
  const sorted = words.map((word) => lists.get(word)!);
  let end = 0;
  return {
    words,
    ends: Int32Array.from(sorted, ({ length }) => (end += length)),
    rows: Int32Array.from(sorted.flat()),
  };
}

function withPlaces(sequence: Int32Array): Sequence {
  const places = new Int32Array(sequence.length);
  for (const [place, row] of sequence.entries()) places[row] = place;
  return { sequence, places };
}

/** Rows that lie no farther apart on disk than this part of the table lie together. */
const nearby = 1 / 256;

/**
 * The share of rows that do not lie on disk between their neighbours in the order of a column and the id. PostgreSQL's correlation
 * does not show it: that is 0.94 if each row lies anywhere within a third of the table, and as low if one row in sixteen was moved.
 */
function scatteredIn(
  rows: readonly Values[],
  places: readonly number[],
  { of, values }: Different,
  blocks: number,
): number {
  const id = (row: number) => rows[row]![0] as number;
  const sequence = [...rows.keys()]
    .filter((row) => values[of[row]!] !== null)
    .sort((a, b) => of[a]! - of[b]! || id(a) - id(b));
  const isNear = (one: number, other: number) =>
    Math.abs(places[one]! - places[other]!) <= Math.max(1, nearby * blocks);
  const far = sequence.filter((row, i) => !isNear(row, sequence[i - 1] ?? row));
  // One row that lies elsewhere is far from both of its neighbours.
  const share = far.length / 2 / sequence.length;
  // Also 1 if there are no rows.
  return share < 1 / 4 ? share : 1;
}

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
  // Bytes, since a string would be encoded for each search.
  const bytes = Buffer.from(part);
  const found: number[] = [];
  let i = 0;
  for (let at = text.indexOf(bytes); at >= 0 && at < text.length && found.length < most; ) {
    while (starts[i + 1]! <= at) i++;
    found.push(i);
    at = text.indexOf(bytes, starts[i + 1]!);
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
