import type { ListRequest } from '../../contract/list.ts';
import { fold } from './fold.ts';
import type { Column, Listing, Order } from './listing.ts';
import { type Part, type Predicate, predicates, type Version } from './match.ts';
import { compare, type Place, placeOf } from './rows.ts';

// Selectivity from a random sample of rows, in memory: of any conditions together, whatever goes with what, and of where
// the matching rows lie in an order. A wrong estimate costs time, never a right answer.

export interface Sample {
  /** rows of the listing */
  total: number;
  rows: readonly Version[];
  /** the rows in the order of a list, by the order's name and direction */
  sorted: (name: string, make: () => Int32Array) => Int32Array;
  /** a column, by its place in a row */
  column: (at: number) => Different;
  /** the rows that have a word */
  having: (word: string) => readonly number[];
  /** how many different values of a column, by its place in a row, contain a text in lower case */
  containing: (at: number, text: string) => number;
  /** of a column, by its place in a row: about how many different values it has, and how far its rows lie in its order on disk */
  statistics: ReadonlyMap<number, { distinct: number; correlation: number }>;
  /** in how many blocks the rows lie; as many as rows where that is not known */
  blocks: number;
}

/**
 * The different values of a column, so that a condition is judged once for each: nulls first, then in ascending order.
 * `text` has them in lower case, one after the other, each before a NUL, since to search bytes takes a tenth of the time.
 */
interface Different {
  values: (string | number | null)[];
  text: Buffer;
  /** where each value begins in `text`, and at last where the text ends */
  starts: Int32Array;
  /** which of them each row has */
  of: Uint16Array;
}

/** A sample of a listing of `total` rows. What is made of it is made when first asked for. */
export function sampleOf(
  total: number,
  rows: readonly Version[],
  statistics: Sample['statistics'] = new Map(),
  blocks = Math.max(total, 1),
): Sample {
  const sequences = new Map<string, Int32Array>();
  const columns = new Map<number, Different>();
  const words = new Map<string, number[]>();
  const collect = () =>
    rows.forEach((row, i) => {
      for (const word of row.words) words.getOrInsertComputed(word, () => []).push(i);
    });
  const column = (at: number) => columns.getOrInsertComputed(at, () => differentIn(rows, at));
  return {
    ...{ total: Math.max(total, rows.length), rows, statistics, blocks, column },
    sorted: (name, make) => sequences.getOrInsertComputed(name, make),
    containing: (at, text) => valuesWith(column(at), text).length,
    having(word) {
      if (words.size === 0) collect();
      return words.get(word) ?? [];
    },
  };
}

/** Rows of an order with a higher correlation lie together on disk. */
const leastCorrelation = 0.9;

/** Whether the rows lie on disk in the order of a column. */
export const isClustered = ({ statistics }: Sample, { at }: Column): boolean =>
  (statistics.get(at)?.correlation ?? 0) > leastCorrelation;

function differentIn(rows: readonly Version[], at: number): Different {
  const values = [...new Set(rows.map((row) => row.values[at]!))].sort((a, b) =>
    a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1,
  );
  const places = new Map(values.map((value, i) => [value, i]));
  const texts = values.map((value) => Buffer.from(`${fold(String(value ?? ''))}\0`));
  const starts = new Int32Array(values.length + 1);
  texts.forEach(({ length }, i) => {
    starts[i + 1] = starts[i]! + length;
  });
  const of = Uint16Array.from(rows, (row) => places.get(row.values[at]!)!);
  return { values, text: Buffer.concat(texts), starts, of };
}

/** What a sample says of the conditions of a list. All numbers are of rows of the listing. */
export interface Survey {
  sample: Sample;
  /** how many pass the conditions of all these parameters; at least half a row of the sample */
  passing(parameters: readonly string[]): number;
  /** how many entries each list has that the inverted index reads for the condition of these parameters: each word has its own */
  entries(parameters: readonly string[]): readonly number[];
  /** how many pass a range and lie in it between the first and the last that pass the conditions of these parameters */
  spanned(parameters: readonly string[], range: { column: Column; parameters: readonly string[] }): number;
  /** how many different values some columns have in the rows that pass, in all likelihood and at the most */
  different(parameters: readonly string[], columns: readonly Column[]): { likely: number; most: number };
  /** of how many rows that pass one does, as far as PostgreSQL wants words side by side, which no sample shows */
  dilution: number;
  /** of each row of the sample, whether it passes the conditions of these parameters, or of all; and how many do */
  matches(parameters?: readonly string[]): Matches;
}

/** Of the rows that have all words of a phrase, such as a date, one of so many has them side by side. */
const phrase = 32;

export interface Matches {
  mask: Uint8Array;
  count: number;
}

/** Judges each condition on the sample. */
export function survey(
  sample: Sample,
  listing: Listing,
  request: Pick<ListRequest, 'filters' | 'search'>,
): Survey {
  const { rows, total } = sample;
  const scale = total / Math.max(1, rows.length);
  const masks = new Map<string, Uint8Array>();
  const read = new Map<string, readonly number[]>();
  let phrases = 0;
  const asked = predicates(listing, request, (guess) => guess);
  for (const [parameter, predicate] of asked) {
    masks.set(parameter, maskOf(sample, predicate));
    const words = predicate.find((part) => 'all' in part);
    if (words === undefined) continue;
    read.set(parameter, entriesOf(sample, words));
    if ((words.all?.length ?? 0) > 1) phrases += 1;
    // Of a number, the rows that have it as a word and not as a part of another.
    if (predicate.length > 1) masks.set(`${parameter} as a word`, maskOf(sample, [words]));
  }
  // The choice of an access path asks the same several times.
  const known = new Map<string, Matches>();
  const counts = new Map<string, ReturnType<Survey['different']>>();
  const matches = (parameters: readonly string[] = [...asked.keys()]): Matches =>
    known.getOrInsertComputed(parameters.join('\n'), () =>
      joint(
        parameters.flatMap((one) => masks.get(one) ?? []),
        rows.length,
      ),
    );
  const passing = (parameters: readonly string[]) => Math.max(0.5, matches(parameters).count) * scale;
  const entries = (parameters: readonly string[]) => {
    const known = parameters.flatMap((one) => read.get(one) ?? []);
    return known.length === 0 ? [passing(parameters)] : known.map((one) => one * scale);
  };
  const spanned: Survey['spanned'] = (parameters, { column, parameters: of }) =>
    spannedBy(sample, matches(parameters).mask, column, matches(of).mask) * scale;
  // A value that is looked up passes by itself, where a row may pass by another column.
  const passingBy = (parameters: readonly string[], { at }: Column): Matches => {
    const parts = parameters.length === 1 ? (asked.get(parameters[0]!) ?? []) : [];
    const part = parts.length > 1 ? parts.find((one) => 'at' in one && one.at === at) : undefined;
    return part ? joint([maskOf(sample, [part])], rows.length) : matches(parameters);
  };
  const different = (parameters: readonly string[], columns: readonly Column[]) => {
    const key = [...parameters, ...columns.map(({ name }) => name)].join('\n');
    return counts.getOrInsertComputed(key, () => {
      const each = columns.map((column) => differentOf(sample, passingBy(parameters, column), column));
      return { likely: sum(each.map(({ likely }) => likely)), most: sum(each.map(({ most }) => most)) };
    });
  };
  return { sample, passing, entries, spanned, different, matches, dilution: phrase ** phrases };
}

const sum = (numbers: readonly number[]) => numbers.reduce((before, one) => before + one, 0);

/**
 * How many entries the inverted index reads for several words, in rows of the sample; none for one word. Those of a date are lists of
 * their own; of a search with operators each alternative is looked for at the entries of its rarest word.
 */
function entriesOf(
  { having }: Sample,
  { all, alternatives }: Extract<Part, { all: unknown }>,
): readonly number[] {
  const rows = (word: string) => Math.max(0.5, having(word).length);
  const wanted = alternatives?.filter((words) => words.length > 0);
  if (wanted) return [sum(wanted.map((words) => words.length * Math.min(...words.map(rows))))];
  return all && all.length > 1 ? all.map(rows) : [];
}

/** Where the matches lie in the order of a list, from the beginning of a page on. */
export interface Outlook {
  /** rows of the page, and those that it skips */
  readonly wanted: number;
  /** how many rows within the bounds are read until the page is full, and how many if matches are spread evenly */
  readonly distance: number;
  readonly even: number;
  /** a full page is so far that what the zone map says is worth asking */
  readonly isFar: boolean;
  /** the order begins with rows without a value of its first column, as far as the sample shows */
  readonly isNull: boolean;
}

/**
 * Matches are not spread evenly where evenly spread ones would all come as late as these once in e^6 lists. With e^4 one list in
 * fifty took a slow path for nothing; a walk that is in vain has a budget.
 */
const uneven = 6;
/** So many matches show by themselves where they lie. */
const few = 16;
/** The zone map is asked where they would once in e^2 lists. */
const doubtful = 2;
/** Of evenly spread matches an eighth lie so much closer together than on average. */
const close = 1 / 8;
/** Between two that lie so many times as far apart as on average there is a gap. */
const gap = 8;
/** Zones of the zone map are no finer than that. */
const zones = 256;
/** Rows that are read in the time that it takes to ask the zone map. */
const far = 1000;

/** The beginning of a page, and the direction in which it is read. */
interface Beginning {
  /** rows of the page, and those that it skips */
  wanted: number;
  from: Place | null;
  backwards: boolean;
  descending: boolean;
}

/** The conditions of a list, each by its parameters. */
interface Asked {
  /** all of them, and those that bound what is read */
  each: readonly (readonly string[])[];
  bounds: readonly string[];
  /** those whose beginning the zone map says */
  zoned: readonly (readonly string[])[];
}

/** The sample is looked at when first asked: most lists without a condition need not know. */
export function outlook(seen: Survey, order: Order, asked: Asked, beginning: Beginning): Outlook {
  let known: ReturnType<typeof lookAhead> | undefined;
  const look = () => (known ??= lookAhead(seen, order, asked, beginning));
  return {
    wanted: beginning.wanted,
    get distance() {
      return look().distance;
    },
    get even() {
      return look().even;
    },
    get isFar() {
      return look().isFar;
    },
    get isNull() {
      return look().isNull;
    },
  };
}

function lookAhead(
  { sample, matches: of, dilution }: Survey,
  order: Order,
  { each, bounds, zoned }: Asked,
  { wanted, from, backwards, descending }: Beginning,
): Omit<Outlook, 'wanted'> {
  const { rows, total } = sample;
  const scale = total / Math.max(1, rows.length);
  const [matches, inside] = [of().mask, of(bounds).mask];
  const sequence = sequenceOf(sample, order, descending);
  const begin =
    from === null ? (backwards ? rows.length : 0) : lowerBound(sample, sequence, order, descending, from);
  const length = backwards ? begin : rows.length - begin;
  const at = (step: number) => sequence[backwards ? begin - 1 - step : begin + step]!;
  const placesOf = (mask: Uint8Array, skipped: Uint8Array | null) => {
    // What an estimate does most often: an array that grows took twice the time.
    const every = new Int32Array(length);
    let [found, read] = [0, 0];
    for (let step = 0; step < length; step++) {
      if (skipped !== null && skipped[step] === 1) continue;
      const row = at(step);
      if (mask[row] === 1) every[found++] = read;
      read += inside[row]!;
    }
    return { places: every.subarray(0, found), read };
  };
  const distanceBeside = (skipped: Uint8Array | null) => {
    const { places, read } = placesOf(matches, skipped);
    // A few matches do not show that they all lie where one of the conditions begins to hold.
    const begin = places.length < few && each.length > 1 ? beginOf(each, skipped) : 0;
    const late = lateness(places, read);
    const even = begin * scale + (wanted * (read - begin) * dilution) / Math.max(1, places.length);
    const reached = places[Math.floor((wanted * dilution) / scale)] ?? length;
    const isSpread = late <= uneven && !areClustered(places, read);
    const distance = isSpread ? even : Math.max(reached * scale, Math.min(even, far));
    const most = read * scale;
    const spread = places.length === 0 ? most : Math.min(most, even);
    return { distance: Math.min(most, distance), even: spread, isLate: late > doubtful };
  };
  const beginOf = (conditions: Asked['each'], skipped: Uint8Array | null) =>
    Math.max(
      ...conditions.map((parameters) => {
        const { places, read } = placesOf(of(parameters).mask, skipped);
        return places.length >= few && lateness(places, read) > uneven ? places[0]! : 0;
      }),
    );
  const isNull = length > 0 && placeOf(order, rows[at(0)]!.values).key[0] === null;
  const { distance, even, isLate } = distanceBeside(null);
  const isFar = isLate || distance > far;
  if (!isFar || zoned.length === 0) return { distance, even, isFar, isNull };
  const skipped = new Uint8Array(length);
  for (const parameters of zoned) {
    const { mask } = of(parameters);
    const steps = Array.from({ length }, (_, step) => step).filter((step) => mask[at(step)] === 1);
    for (const [from, to] of gapsBetween(steps, length)) skipped.fill(1, from, to);
  }
  return { distance: distanceBeside(skipped).distance, even, isFar, isNull };
}

/** How late the first of these places of so many comes: evenly spread ones come later once in e to this lists. */
function lateness(places: Int32Array, length: number): number {
  const [first] = places;
  return first === undefined ? Number.POSITIVE_INFINITY : -places.length * Math.log1p(-first / length);
}

/** Whether more than a third of these places of so many lie close together, as those of a value do that goes with the order. */
function areClustered(places: Int32Array, length: number): boolean {
  const nearest = (close * length) / places.length;
  let near = 0;
  for (let i = 1; i < places.length; i++) near += Number(places[i]! - places[i - 1]! < nearest);
  return near > Math.max(2, places.length / 3);
}

/**
 * The parts of an order that the zone map in all likelihood leaves out, of whose rows the sample has those at `steps`: before
 * the first, behind the last, and between two that are much farther apart than others. A segment ends a zone later at the most.
 */
function gapsBetween(steps: readonly number[], length: number): [from: number, to: number][] {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return [];
  const zone = Math.ceil(length / zones);
  const wide = (gap * (last - first)) / steps.length;
  const ends = [...steps, length];
  return ends.flatMap((to, i): [number, number][] => {
    const from = i === 0 ? 0 : steps[i - 1]! + zone;
    const isGap = i === 0 || to === length || to - from > wide;
    return isGap && from < to - zone ? [[from, to - (to === length ? 0 : zone)]] : [];
  });
}

function maskOf(sample: Sample, predicate: Predicate): Uint8Array {
  const mask = new Uint8Array(sample.rows.length);
  for (const part of predicate) mark(mask, sample, part);
  return mask;
}

/** Marks the rows that pass a part of a condition. */
function mark(mask: Uint8Array, { rows, column, having }: Sample, part: Part): void {
  if ('at' in part) {
    const different = column(part.at);
    const passing = passingIn(different, part);
    for (let i = 0; i < mask.length; i++) mask[i]! |= passing[different.of[i]!]!;
    return;
  }
  const [first, ...others] = part.all ?? [];
  if (first !== undefined) {
    for (const i of having(first)) if (others.every((word) => rows[i]!.words.has(word))) mask[i] = 1;
  } else for (let i = 0; i < mask.length; i++) mask[i]! |= Number(part.passes(rows[i]!.words));
}

/** Of the different values of a column, which pass. */
function passingIn(different: Different, { by, passes }: Extract<Part, { at: number }>): Uint8Array {
  const { values } = different;
  if (by === undefined) return Uint8Array.from(values, (value) => Number(passes(value, null)));
  const passing = new Uint8Array(values.length);
  if (by === 'from')
    return passing.fill(
      1,
      firstAt(values, (value) => passes(value, null) === true),
    );
  if (by === 'to')
    return passing.fill(
      1,
      Number(values[0] === null),
      firstAt(values, (value) => passes(value, null) !== true),
    );
  for (const i of valuesWith(different, by.text)) passing[i] = 1;
  return passing;
}

/** Of the different values of a column, the places of those that contain a text in lower case. */
function valuesWith({ text, starts }: Different, part: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at >= 0 && at < text.length; ) {
    const i = firstAt(starts, (start) => start > at) - 1;
    found.push(i);
    at = text.indexOf(part, starts[i + 1]!);
  }
  return found;
}

/** The first place from which on `isBeyond` holds; it does not hold for null. */
function firstAt<T extends string | number>(
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

function joint(masks: readonly Uint8Array[], length: number): Matches {
  const mask = masks[0]?.slice() ?? new Uint8Array(length).fill(1);
  for (const other of masks.slice(1)) for (let i = 0; i < length; i++) mask[i]! &= other[i]!;
  let count = 0;
  for (let i = 0; i < length; i++) count += mask[i]!;
  return { mask, count };
}

/** The values of some rows may be so many times as many as those that are expected, since frequent ones differ less. */
const doubt = 4;

/**
 * How many different values a column has in all rows that pass, of which the sample has those of `mask`: those that it
 * shows, and of all others as large a share as of the rows whose values it does not show. Those are as large a share as its
 * rows with a value that it shows once (Good, 1953, https://doi.org/10.1093/biomet/40.3-4.237).
 */
function differentOf({ column, rows, total, statistics }: Sample, { mask, count }: Matches, { at }: Column) {
  const passing = (Math.max(0.5, count) * total) / Math.max(1, rows.length);
  const { values, of } = column(at);
  const seen = new Uint16Array(values.length);
  for (let i = 0; i < mask.length; i++) seen[of[i]!]! += mask[i]!;
  let [shown, once] = [0, 0];
  for (const times of seen) {
    shown += Number(times > 0);
    once += Number(times === 1);
  }
  const hidden = (once + 1) / (count + 1);
  const expected = shown + ((statistics.get(at)?.distinct ?? 0) * hidden * passing) / total;
  return { likely: Math.min(passing, expected), most: Math.min(passing, doubt * expected) };
}

/** How many rows of `mask` have a value of a column between those of `others`. */
function spannedBy(sample: Sample, others: Uint8Array, { at }: Column, mask: Uint8Array): number {
  const { of, values } = sample.column(at);
  let [first, last] = [values.length, -1];
  others.forEach((one, i) => {
    if (one === 0 || values[of[i]!] === null) return;
    first = Math.min(first, of[i]!);
    last = Math.max(last, of[i]!);
  });
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += Number(mask[i] === 1 && of[i]! >= first && of[i]! <= last);
  return count;
}

const sequenceOf = ({ rows, sorted }: Sample, order: Order, descending: boolean): Int32Array =>
  sorted(`${order.name} ${descending}`, () => {
    const places = rows.map(({ values }) => placeOf(order, values));
    return Int32Array.from(rows.keys()).sort((a, b) => compare(places[a]!, places[b]!, descending));
  });

/** How many rows of the sample come before a place. */
const lowerBound = (
  { rows }: Sample,
  sequence: Int32Array,
  order: Order,
  descending: boolean,
  place: Place,
): number => firstAt(sequence, (row) => compare(placeOf(order, rows[row]!.values), place, descending) >= 0);
