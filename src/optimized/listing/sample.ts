import type { ListRequest } from '../../contract/list.ts';
import type { Column, Listing, Order } from './listing.ts';
import { type Predicate, predicates, type Version } from './match.ts';
import { compare, type Place, placeOf } from './rows.ts';

// Selectivity from a random sample of rows, in memory: of any conditions together, whatever goes with what, and of where
// the matching rows lie in an order. A wrong estimate costs time, never a right answer.

export interface Sample {
  /** rows of the listing */
  total: number;
  rows: readonly Version[];
  /** the rows in the order of a list, by the order's name and direction; made when first asked for */
  sorted: Map<string, Int32Array>;
}

export const sampleOf = (total: number, rows: readonly Version[]): Sample => ({
  ...{ total: Math.max(total, rows.length), rows },
  sorted: new Map(),
});

/** What a sample says of the conditions of a list. All numbers are of rows of the listing. */
export interface Survey {
  sample: Sample;
  /** how many pass the conditions of all these parameters; at least half a row of the sample */
  passing(parameters: readonly string[]): number;
  /** how many different values some columns have in the rows of the sample that pass */
  different(parameters: readonly string[], columns: readonly Column[]): number;
  /** of each row of the sample, whether it passes the conditions of these parameters, or of all; and how many do */
  matches(parameters?: readonly string[]): Matches;
}

export interface Matches {
  mask: Uint8Array;
  count: number;
}

/** Looks at every row of the sample once for each condition. */
export function survey(
  sample: Sample,
  listing: Listing,
  request: Pick<ListRequest, 'filters' | 'search'>,
): Survey {
  const { rows, total } = sample;
  const masks = new Map<string, Uint8Array>();
  for (const [parameter, passes] of predicates(listing, request, (guess) => guess))
    masks.set(parameter, maskOf(rows, passes));
  // The choice of an access path asks the same several times.
  const known = new Map<string, Matches>();
  const counts = new Map<string, number>();
  const matches = (parameters: readonly string[] = [...masks.keys()]): Matches => {
    const key = parameters.join('\n');
    const found =
      known.get(key) ??
      joint(
        parameters.flatMap((one) => masks.get(one) ?? []),
        rows.length,
      );
    known.set(key, found);
    return found;
  };
  const passing = (parameters: readonly string[]) =>
    (Math.max(0.5, matches(parameters).count) * total) / Math.max(1, rows.length);
  const different = (parameters: readonly string[], columns: readonly Column[]) => {
    const key = [...parameters, ...columns.map(({ name }) => name)].join('\n');
    const found = counts.get(key) ?? differentOf(rows, matches(parameters).mask, columns);
    counts.set(key, found);
    return found;
  };
  return { sample, passing, different, matches };
}

/** Where the matches lie in the order of a list, from the beginning of a page on. */
export interface Outlook {
  /** how many rows within the bounds are read until so many match */
  distance(wanted: number): number;
  /**
   * A row before which the sample has no match though it should, were matches spread evenly over the order: there is
   * something to skip. Null where there is not.
   */
  readonly skipped: Place | null;
}

/** Matches are not spread evenly where none comes within so many times their usual distance. */
const uneven = 4;

/** The beginning of a page, and the direction in which it is read. */
interface Beginning {
  from: Place | null;
  backwards: boolean;
  descending: boolean;
}

/**
 * `bounds` are the parameters that bound what is read. The sample is looked at when first asked: most lists without a
 * condition need not know.
 */
export function outlook(
  seen: Survey,
  order: Order,
  bounds: readonly string[],
  beginning: Beginning,
): Outlook {
  let known: Outlook | undefined;
  const look = () => (known ??= lookAhead(seen, order, bounds, beginning));
  return {
    distance: (wanted) => look().distance(wanted),
    get skipped() {
      return look().skipped;
    },
  };
}

function lookAhead(
  { sample, matches: of }: Survey,
  order: Order,
  bounds: readonly string[],
  { from, backwards, descending }: Beginning,
): Outlook {
  const { rows, total } = sample;
  const scale = total / Math.max(1, rows.length);
  const [matches, inside] = [of().mask, of(bounds).mask];
  const sequence = sequenceOf(sample, order, descending);
  const begin =
    from === null ? (backwards ? rows.length : 0) : lowerBound(sample, sequence, order, descending, from);
  const length = backwards ? begin : rows.length - begin;
  const at = (step: number) => sequence[backwards ? begin - 1 - step : begin + step]!;
  let [read, found, first, last] = [0, 0, length, -1];
  for (let step = 0; step < length; step++) {
    if (matches[at(step)] === 1) {
      found += 1;
      first = Math.min(first, read);
    } else if (found === 0) last = step;
    read += inside[at(step)]!;
  }
  const gap = read / Math.max(found, 0.5);
  const isUneven = found === 0 || first > uneven * gap;
  return {
    distance: (wanted) => Math.min(read * scale, isUneven ? first * scale : wanted * gap),
    skipped: isUneven && last >= 0 ? placeOf(order, rows[at(last)]!.values) : null,
  };
}

function maskOf(rows: readonly Version[], passes: Predicate): Uint8Array {
  const mask = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) if (passes(rows[i]!)) mask[i] = 1;
  return mask;
}

function joint(masks: readonly Uint8Array[], length: number): Matches {
  const mask = masks[0]?.slice() ?? new Uint8Array(length).fill(1);
  for (const other of masks.slice(1)) for (let i = 0; i < length; i++) mask[i]! &= other[i]!;
  let count = 0;
  for (let i = 0; i < length; i++) count += mask[i]!;
  return { mask, count };
}

function differentOf(rows: readonly Version[], mask: Uint8Array, columns: readonly Column[]): number {
  let count = 0;
  for (const { at } of columns) {
    const values = new Set<string | number | null>();
    for (let i = 0; i < rows.length; i++) if (mask[i] === 1) values.add(rows[i]!.values[at]!);
    count += values.size;
  }
  return count;
}

function sequenceOf({ rows, sorted }: Sample, order: Order, descending: boolean): Int32Array {
  const name = `${order.name} ${descending}`;
  const known = sorted.get(name);
  if (known) return known;
  const places = rows.map(({ values }) => placeOf(order, values));
  const made = Int32Array.from(rows.keys()).sort((a, b) => compare(places[a]!, places[b]!, descending));
  sorted.set(name, made);
  return made;
}

/** How many rows of the sample come before a place. */
function lowerBound(
  { rows }: Sample,
  sequence: Int32Array,
  order: Order,
  descending: boolean,
  place: Place,
): number {
  let [low, high] = [0, sequence.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(placeOf(order, rows[sequence[middle]!]!.values), place, descending) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
