import { add, all, type Bits, count, countBefore, none, rowsOf, without } from './bits.ts';
import { buckets } from './costs.ts';
import type { Order } from './listing.ts';
import { compare, type Place, placeOf } from './rows.ts';
import { firstAt, type Sample, type Sequence } from './sample.ts';
import type { Survey } from './survey.ts';

// Estimates from the sample where the matches lie in the order of a list, and so how many rows a walk reads until a page is full.

/** Where the matches lie in the order of a list, from the beginning of a page on. */
export interface Outlook {
  /** the rows of the page plus those that it skips */
  readonly wanted: number;
  /** how many rows within the bounds are read until the page is full; `even`: if matches were spread evenly */
  readonly distance: number;
  readonly even: number;
  /** if matches lie in clusters: how many lie in the bucket that fills the page; 0 if they are spread */
  readonly dense: number;
  /** the page is full so late that a lookup in the zone map pays off */
  readonly isFar: boolean;
  /** as far as the sample shows, a page passes the last values of the order's first column, and reaches its nulls */
  readonly isNull: boolean;
}

/**
 * Matches are uneven if evenly spread ones would all come as late only once in e^6 lists. With e^4, 2 % of the lists took a slow path
 * for nothing; a useless walk has a budget.
 */
const uneven = 6;
/** This many matches are enough to show where they lie. */
const few = 16;
/** The zone map is used if they would come as late only once in e^2 lists. */
const doubtful = 2;
/** An eighth of evenly spread matches lie closer together than this part of the mean distance. */
const close = 1 / 8;
/** Two matches that lie more than this many mean distances apart have a gap between them. */
const gap = 8;
/** The zone map divides an order into no more zones than this. */
const zones = 256;
/** Rows that are read in the time of a lookup in the zone map. */
const far = 1000;

/** The beginning of a page, and the direction in which it is read. */
interface Beginning {
  /** the rows of the page plus those that it skips */
  wanted: number;
  from: Place | null;
  backwards: boolean;
  descending: boolean;
}

/** The conditions of a list, each by its parameters. */
interface Asked {
  /** all of them; `bounds`: the parameters of those that bound the rows that are read */
  each: readonly (readonly string[])[];
  bounds: readonly string[];
  /** those that the zone map narrows in this order */
  zoned: readonly (readonly string[])[];
}

/** The sample is evaluated on first use: most lists without a condition do not need it. */
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
    get dense() {
      return look().dense;
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
  const { sequence, places: placeIn } = sequenceOf(sample, order, descending);
  const begin =
    from === null ? (backwards ? rows.length : 0) : lowerBound(sample, sequence, order, descending, from);
  const length = backwards ? begin : rows.length - begin;
  // Rows as steps from the beginning of the page.
  const stepsOf = (some: Bits): Bits => {
    const steps = none(length);
    const having = rowsOf(some);
    for (let i = 0; i < having.length; i++) {
      const place = placeIn[having[i]!]!;
      const step = backwards ? begin - 1 - place : place - begin;
      if (step >= 0 && step < length) add(steps, step);
    }
    return steps;
  };
  const [matches, inside] = [stepsOf(of().rows), bounds.length > 0 ? stepsOf(of(bounds).rows) : all(length)];
  const distanceWithout = (skipped: Bits | null) => {
    const kept = (steps: Bits) => (skipped ? without(steps, skipped) : steps);
    const walked = kept(inside);
    const read = count(walked);
    const placesOf = (steps: Bits) => countBefore(walked, rowsOf(kept(steps)));
    const beginOf = (parameters: readonly string[]) => {
      const places = placesOf(stepsOf(of(parameters).rows));
      return places.length >= few && lateness(places, read) > uneven ? places[0]! : 0;
    };
    const places = placesOf(matches);
    // A few matches do not show that they all lie where one of the conditions begins to hold.
    const begin = places.length < few && each.length > 1 ? Math.max(...each.map(beginOf)) : 0;
    const late = lateness(places, read);
    const even = begin * scale + (wanted * (read - begin) * dilution) / Math.max(1, places.length);
    const last = Math.floor((wanted * dilution) / scale);
    const reached = places[last] ?? length;
    const near = firstAt(places, (place) => place >= reached + length / buckets) - last;
    const isSpread = late <= uneven && !areClustered(places, read);
    const distance = isSpread ? even : Math.max(reached * scale, Math.min(even, far));
    const most = read * scale;
    const spread = places.length === 0 ? most : Math.min(most, even);
    const dense = isSpread ? 0 : Math.max(0, near - 1) * scale;
    return { distance: Math.min(most, distance), even: spread, dense, isLate: late > doubtful };
  };
  const firstRow = sequence[backwards ? begin - 1 : begin];
  const isAtNull = firstRow !== undefined && placeOf(order, rows[firstRow]!).key[0] === null;
  const isNull = isAtNull && !backwards && from?.key[0] !== null;
  const { distance, even, dense, isLate } = distanceWithout(null);
  const isFar = isLate || distance > far;
  if (!isFar || zoned.length === 0) return { distance, even, dense, isFar, isNull };
  const skipped = none(length);
  for (const parameters of zoned)
    for (const [from, to] of gapsBetween(rowsOf(stepsOf(of(parameters).rows)), length))
      for (let step = from; step < to; step++) add(skipped, step);
  return { distance: distanceWithout(skipped).distance, even, dense, isFar, isNull };
}

/** How late the first of `places` among `length` rows comes: evenly spread ones come later once in e^lateness lists. */
function lateness(places: Int32Array, length: number): number {
  const [first] = places;
  return first === undefined ? Number.POSITIVE_INFINITY : -places.length * Math.log1p(-first / length);
}

/** Whether more than a third of `places` among `length` rows lie close together, as for a value correlated with the order. */
function areClustered(places: Int32Array, length: number): boolean {
  const nearest = (close * length) / places.length;
  let near = 0;
  for (let i = 1; i < places.length; i++) near += Number(places[i]! - places[i - 1]! < nearest);
  return near > Math.max(2, places.length / 3);
}

/**
 * The parts of an order that the zone map very likely excludes for a condition whose sample rows lie at `steps`: before the first,
 * behind the last, and between two that lie much farther apart than the others. A segment ends at most one zone later.
 */
function gapsBetween(steps: Int32Array, length: number): [from: number, to: number][] {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return [];
  const zone = Math.ceil(length / zones);
  const wide = (gap * (last - first)) / steps.length;
  const gaps: [number, number][] = first > zone ? [[0, first - zone]] : [];
  for (let i = 1; i < steps.length; i++) {
    const from = steps[i - 1]! + zone;
    const to = steps[i]! - zone;
    if (to + zone - from > wide && from < to) gaps.push([from, to]);
  }
  return last + zone < length ? [...gaps, [last + zone, length]] : gaps;
}

const sequenceOf = ({ rows, sorted }: Sample, order: Order, descending: boolean): Sequence =>
  sorted(`${order.name} ${descending}`, () => {
    const places = rows.map((values) => placeOf(order, values));
    return Int32Array.from(rows.keys()).sort((a, b) => compare(places[a]!, places[b]!, descending));
  });

/** How many rows of the sample come before a place. */
const lowerBound = (
  { rows }: Sample,
  sequence: Int32Array,
  order: Order,
  descending: boolean,
  place: Place,
): number => firstAt(sequence, (row) => compare(placeOf(order, rows[row]!), place, descending) >= 0);
