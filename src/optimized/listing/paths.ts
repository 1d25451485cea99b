import type { Condition, Range } from './conditions.ts';
import {
  asking,
  buckets,
  costOf,
  costOfBucket,
  costs,
  excessOf,
  findable,
  foundBy,
  lookingUp,
  reading,
  testing,
  walking,
} from './costs.ts';
import type { Outlook } from './outlook.ts';
import { isClustered } from './sample.ts';
import type { Survey } from './survey.ts';

// Which access path a page takes. To walk the index of the order, testing each row, is right where many rows match. To ask
// the inverted index is right where few do: for everything at once, or, where those are more than a page needs, for one bucket
// of the order after the other. To scan the table is what remains where no index finds the matches and the walk would be
// long. A path that may end before the page is full is followed by another; the last always fills it.

/** The budget of a walk to the end: more rows than a listing has. */
export const endless = 2_147_483_647;

/** `cost`: µs that it is expected to take, where that may be long. */
export type Path = { cost?: number } & (Walk | Collect | Scan);

/**
 * Without a budget it reads no more than the page: every row matches. `reachesNulls`: the budget is that of the rows without a
 * value of the order's first column, and there are few before.
 */
export interface Walk {
  name: 'walk';
  budget: number | null;
  reachesNulls?: boolean;
}

/** At once, or bucket by bucket, so many at most; after `limit` µs no other is begun, and the path that follows answers. */
export interface Collect {
  name: 'collect';
  found: Condition[];
  byBucket: boolean;
  budget: number | null;
  limit?: number;
}

interface Scan {
  name: 'scan';
  narrowed: Narrowed | null;
}

/** A range, and a condition whose rows the zone map says to lie within a part of its column's order; null for the range alone. */
export interface Narrowed {
  range: Range;
  by: Condition | null;
}

export interface Task {
  conditions: readonly Condition[];
  /** those that the walk has as bounds of its index */
  bounds: readonly Condition[];
  seen: Survey;
  ahead: Outlook;
  /** the rows of the table lie in the order of the list */
  clustered: boolean;
}

/** What takes so many times as long as expected ends. */
const patience = 4;
const leastBudget = 1000;
const leastBuckets = 4;
/**
 * µs that buckets may take at least; else what the path that follows is expected to take, so that in vain is lost no more than that. What
 * one takes may be far from what is expected, where the words of a search are side by side.
 */
const leastLimit = 100_000;

/** The access paths to take one after the other, until one fills the page. */
export function paths({ conditions, bounds, seen, ahead, clustered }: Task): Path[] {
  const others = conditions.filter((condition) => !bounds.includes(condition));
  if (others.length === 0 || others.some(({ never }) => never)) return [{ name: 'walk', budget: null }];
  const { total } = seen.sample;
  const { distance, wanted } = ahead;
  const walked = walking(1, seen.sample, clustered);
  const narrowed = narrowest(conditions, seen);
  const scanning = Math.min(testing(total, seen.sample), narrowed.cost);
  const found = findable(conditions, seen, null);
  const everything = costOf(found, seen);
  const lasting = Math.min(everything, scanning);
  const last: Path =
    everything <= scanning
      ? { name: 'collect', found, byBucket: false, budget: null, cost: lasting }
      : { name: 'scan', narrowed: narrowed.cost <= scanning ? narrowed.pair : null, cost: lasting };
  // What a path takes in vain must be no more than twice what the next one takes.
  const budget = (expected: number, each: number, otherwise: number, least: number) =>
    Math.ceil(Math.max(least, otherwise / each, Math.min(patience * expected, (2 * otherwise) / each)));

  const bucket = { rows: total / buckets, clustered };
  const inBuckets = findable(others, seen, bucket);
  const rowsInBucket = foundBy(inBuckets, seen) / buckets;
  const perBucket = inBuckets.length > 0 ? asking(inBuckets, seen, bucket) : Number.POSITIVE_INFINITY;
  // Where all conditions are asked for, rows are read when they are there: those of the page and of its last bucket, and what the
  // buckets of a range have beyond it.
  const isExact = inBuckets.length === others.length && seen.dilution === 1;
  const excess = excessOf(inBuckets, seen);
  // Those of the values come first, where they have next to no rows, too.
  const empty = ahead.isNull ? buckets : 0;
  const bucketsTo = (distance: number) => Math.max(1, Math.ceil((distance * buckets) / total));
  const costOfBuckets = (count: number) => {
    const spread = count * rowsInBucket;
    const fetched = isExact ? Math.min(spread, wanted + rowsInBucket + spread * (1 - 1 / excess)) : spread;
    const asked = empty * costs.asked + count * perBucket;
    return lookingUp(inBuckets, seen) + asked + reading(fetched, seen.sample);
  };
  const expected = bucketsTo(distance);
  const byBucket = costOfBuckets(expected);
  const tried = budget(expected, costOfBucket(inBuckets, seen, bucket), lasting, leastBuckets);
  // Matches that the sample shows late may be so by chance: as many buckets as evenly spread ones need are tried where they cost little.
  const hoped = patience * bucketsTo(ahead.even);
  const [most, cost] = byBucket < lasting ? [tried, byBucket] : [hoped, costOfBuckets(hoped)];
  const collect: Path = {
    ...{ name: 'collect', found: inBuckets, byBucket: true },
    ...{ budget: most < buckets ? empty + most : null, cost, limit: Math.max(leastLimit, lasting) },
  };
  const rest = cost < lasting ? [collect, last] : [last];

  const least = Math.min(byBucket, lasting);
  if (distance * walked >= least) return rest;
  const steps = budget(distance, walked, least, leastBudget);
  return [{ name: 'walk', budget: steps, reachesNulls: ahead.isNull, cost: distance * walked }, ...rest];
}

/** The range of whose rows least are to be read, alone or where the zone map says of another condition, with what that costs. */
function narrowest(conditions: readonly Condition[], seen: Survey): { pair: Narrowed | null; cost: number } {
  const { total } = seen.sample;
  let least: { pair: Narrowed | null; cost: number } = { pair: null, cost: Number.POSITIVE_INFINITY };
  for (const { range, parameters } of conditions) {
    if (!range?.isSorted) continue;
    const { column } = range;
    const together = isClustered(seen.sample, column);
    const choose = (by: Condition | null, rows: number) => {
      const cost = together ? walking(rows, seen.sample, true) : reading(rows, seen.sample);
      if (cost < least.cost) least = { pair: { range, by }, cost };
    };
    choose(null, seen.passing(parameters));
    for (const by of conditions)
      if (by.zones?.columns.includes(column.name))
        choose(by, seen.spanned(by.parameters, { column, parameters }) + total / buckets);
  }
  return least;
}
