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

// Chooses the access paths of a page by cost. A walk of the order's B-tree, testing each row, is right if many rows match. The
// inverted index is right if few match: all at once, or, if there are more than a page needs, bucket by bucket of the order. A
// scan of the table remains if no index finds the matches and the walk would be long. A path that may end before the page is
// full is followed by another; the last always fills it.

/** The budget of a walk to the end: more rows than a listing has. */
export const endless = 2_147_483_647;

/** `cost`: expected µs, set where that may be long. */
export type Path = { cost?: number } & (Walk | Collect | Scan);

/**
 * Without a budget it reads no more than the page: every row matches, or none can. `reachesNulls`: the budget is that of the rows
 * where the order's first column is null, and there are few before them.
 */
export interface Walk {
  name: 'walk';
  budget: number | null;
  reachesNulls?: boolean;
}

/** All at once, or bucket by bucket, `budget` buckets at most; after `limit` µs none is begun, and the next path answers. */
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

/** A range, and a condition whose rows the zone map confines to parts of the range's column; null for the range alone. */
export interface Narrowed {
  range: Range;
  by: Condition | null;
}

export interface Task {
  conditions: readonly Condition[];
  /** those that bound the walk's index scan */
  bounds: readonly Condition[];
  seen: Survey;
  ahead: Outlook;
  /** the table is stored in the order of the list */
  clustered: boolean;
}

/** A path ends when it takes this many times what is expected. */
const patience = 4;
const leastBudget = 1000;
const leastBuckets = 4;
/**
 * The least time limit of buckets, in µs. A higher limit is the expected cost of the next path, so a failure costs no more than that.
 * A bucket may cost far more than expected if the words of a search must be side by side.
 */
const leastLimit = 100_000;

/** The access paths to take in turn until one fills the page. */
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
  // A path that fails must take no more than twice as long as the next one.
  const budget = (expected: number, each: number, otherwise: number, least: number) =>
    Math.ceil(Math.max(least, otherwise / each, Math.min(patience * expected, (2 * otherwise) / each)));

  const bucket = { rows: total / buckets, clustered };
  const inBuckets = findable(others, seen, bucket);
  const rowsInBucket = foundBy(inBuckets, seen) / buckets;
  const perBucket = inBuckets.length > 0 ? asking(inBuckets, seen, bucket) : Number.POSITIVE_INFINITY;
  // If all conditions are index conditions, only these rows are read: those of the page, of its last bucket, and what the buckets of a
  // range have beyond it.
  const isExact = inBuckets.length === others.length && seen.dilution === 1;
  const excess = excessOf(inBuckets, seen);
  // The buckets of values come first, even if they have almost no rows.
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
  // The sample may show matches late by chance: `patience` times the buckets of evenly spread ones are tried if they cost little.
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

/** The range that is cheapest to read, alone or narrowed by the zone map for another condition, and the cost. */
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
