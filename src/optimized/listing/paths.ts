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
  walkingKeys,
} from './costs.ts';
import type { Column } from './listing.ts';
import type { Outlook } from './outlook.ts';
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
 * where the order's first column is null, and there are few before them. `keys`: these conditions are tested on the keys in the
 * index, and only rows that pass them are read.
 */
export interface Walk {
  name: 'walk';
  budget: number | null;
  reachesNulls?: boolean;
  keys?: readonly Condition[];
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
  /** the others that test a column of the order; `first` is its first column */
  keys: readonly Condition[];
  first: Column;
  seen: Survey;
  ahead: Outlook;
  /** rows of the page */
  rows: number;
}

/** A path ends when it takes this many times what is expected. */
const patience = 4;
const leastBudget = 1000;
const leastKeys = 10_000;
const leastBuckets = 4;
/**
 * The least time limit of buckets, in µs. A higher limit is twice the expected cost of the next path. A bucket may cost far more than
 * expected if the words of a search must be side by side.
 */
const leastLimit = 100_000;

/** The cheaper walk over `distance` rows of the order, of the rows or of their keys: its cost, and that of each further row. */
export function cheapestWalk(
  { conditions, bounds, keys, first, seen, rows }: Omit<Task, 'ahead'>,
  distance: number,
): { cost: number; each: number; keys?: readonly Condition[] } {
  const passing = (some: readonly Condition[]) => seen.passing(some.flatMap(({ parameters }) => parameters));
  // Without other conditions, only the rows of the page are read.
  const isAll = conditions.length === bounds.length + keys.length;
  const read = isAll ? 0 : passing([...bounds, ...keys]) / passing(bounds);
  const [row, key] = [walking(1, seen.sample, seen.sample.scattered(first.at)), walkingKeys(1, read)];
  const byKeys = distance * key + walkingKeys(0, isAll ? rows : 0);
  return byKeys < distance * row ? { cost: byKeys, each: key, keys } : { cost: distance * row, each: row };
}

/** The access paths to take in turn until one fills the page. */
export function paths(task: Task): Path[] {
  const { conditions, bounds, seen, ahead } = task;
  const others = conditions.filter((condition) => !bounds.includes(condition));
  if (others.some(({ never }) => never)) return [{ name: 'walk', budget: null }];
  if (others.length === 0) {
    const { keys } = ahead.wanted > task.rows ? cheapestWalk(task, ahead.wanted) : {};
    return [{ name: 'walk', budget: null, ...(keys && { keys }) }];
  }
  const last = lastPath(conditions, seen);
  const { least, tried } = byBuckets(task, others, last.cost);
  const rest = tried ? [tried, last] : [last];
  const { cost, each, keys } = cheapestWalk(task, ahead.distance);
  // Matches of a condition on the order's own columns lie in clusters, of which the sample shows only the large ones.
  const hoped = Math.floor(least / patience / each);
  const isHoped = keys !== undefined && hoped > Math.max(leastKeys, patience * ahead.even);
  if (cost >= least && !isHoped) return rest;
  const steps = cost < least ? budget(ahead.distance, each, least, leastBudget) : hoped;
  const walk: Path = {
    name: 'walk',
    budget: steps,
    reachesNulls: ahead.isNull,
    cost: Math.min(cost, steps * each),
  };
  return [keys ? { ...walk, keys } : walk, ...rest];
}

/** A path that fails must take no more than twice as long as the next one. */
const budget = (expected: number, each: number, otherwise: number, least: number) =>
  Math.ceil(Math.max(least, otherwise / each, Math.min(patience * expected, (2 * otherwise) / each)));

/** The path that always fills the page: all matches by the inverted index, or a scan. */
function lastPath(conditions: readonly Condition[], seen: Survey): Path & { cost: number } {
  const narrowed = narrowest(conditions, seen);
  const scanning = Math.min(testing(seen.sample.total, seen.sample), narrowed.cost);
  const found = findable(conditions, seen, null);
  const everything = costOf(found, seen);
  return everything <= scanning
    ? { name: 'collect', found, byBucket: false, budget: null, cost: everything }
    : { name: 'scan', narrowed: narrowed.cost <= scanning ? narrowed.pair : null, cost: scanning };
}

/** The path bucket by bucket, if it is worth a try before the path that costs `lasting`, and the least cost of both. */
function byBuckets({ first, seen, ahead }: Task, others: readonly Condition[], lasting: number) {
  const { total } = seen.sample;
  const bucket = { rows: total / buckets, scattered: seen.sample.scattered(first.at) };
  const found = findable(others, seen, bucket);
  if (found.length === 0) return { least: lasting, tried: null };
  const rowsInBucket = foundBy(found, seen) / buckets;
  const perBucket = asking(found, seen, bucket);
  // If all conditions are index conditions, only these rows are read: those of the page, of its last bucket, and what the buckets of a
  // range have beyond it.
  const isExact = found.length === others.length && seen.dilution === 1;
  const excess = excessOf(found, seen);
  // Matches of a condition on the order's first column fill the bucket that they lie in, even if the sample shows only one.
  const isOwn = found.some(({ tested }) => tested === first);
  const dense = Math.max(rowsInBucket, ahead.dense);
  const inLast = isOwn ? Math.min(bucket.rows, foundBy(found, seen)) : dense;
  // The buckets of values come first, even if they have almost no rows.
  const empty = ahead.isNull ? buckets : 0;
  const bucketsTo = (distance: number) => Math.max(1, Math.ceil((distance * buckets) / total));
  const costOfBuckets = (count: number) => {
    const spread = count * rowsInBucket;
    const exact = isExact ? ahead.wanted + inLast + spread * (1 - 1 / excess) : spread;
    const fetched = Math.max(inLast, Math.min(spread, exact));
    const asked = empty * costs.asked + count * perBucket;
    return lookingUp(found, seen) + asked + reading(fetched, seen.sample);
  };
  const expected = bucketsTo(ahead.distance);
  const byBucket = costOfBuckets(expected);
  const expectedMost = budget(expected, costOfBucket(found, seen, bucket), lasting, leastBuckets);
  // The sample may show matches late by chance: `patience` times the buckets of evenly spread ones are tried if they cost little.
  const hoped = patience * bucketsTo(ahead.even);
  const [most, cost] = byBucket < lasting ? [expectedMost, byBucket] : [hoped, costOfBuckets(hoped)];
  const path: Path = {
    ...{ name: 'collect', found, byBucket: true },
    ...{ budget: most < buckets ? empty + most : null, cost, limit: Math.max(leastLimit, 2 * lasting) },
  };
  const isWorth = cost < lasting && (byBucket < lasting || !isOwn);
  return { least: Math.min(byBucket, lasting), tried: isWorth ? path : null };
}

/** The range that is cheapest to read, alone or narrowed by the zone map for another condition, and the cost. */
function narrowest(conditions: readonly Condition[], seen: Survey): { pair: Narrowed | null; cost: number } {
  const { total } = seen.sample;
  let least: { pair: Narrowed | null; cost: number } = { pair: null, cost: Number.POSITIVE_INFINITY };
  for (const { range, parameters } of conditions) {
    if (!range?.isSorted) continue;
    const { column } = range;
    const scattered = seen.sample.scattered(column.at);
    const choose = (by: Condition | null, rows: number) => {
      const cost = scattered < 1 ? walking(rows, seen.sample, scattered) : reading(rows, seen.sample);
      if (cost < least.cost) least = { pair: { range, by }, cost };
    };
    choose(null, seen.passing(parameters));
    for (const by of conditions)
      if (by.zones?.columns.includes(column.name))
        choose(by, seen.spanned(by.parameters, { column, parameters }) + total / buckets);
  }
  return least;
}
