import { type Condition, mostAtOnce, type Range } from './conditions.ts';
import { isClustered, type Outlook, type Sample, type Survey } from './sample.ts';

// Which access path a page takes. To walk the index of the order, testing each row, is right where many rows match. To ask
// the inverted index is right where few do: for everything at once, or, where those are more than a page needs, for one bucket
// of the order after the other. To scan the table is what remains where no index finds the matches and the walk would be
// long. A path that may end before the page is full is followed by another; the last always fills it.

/** What an access path costs, in microseconds, measured by `npm run calibrate`. */
export const costs = {
  /** a row that is walked to and tested, where rows lie on disk in this order, and where they do not */
  walked: { clustered: 0.5, scattered: 2 },
  /** the inverted index is asked once, each entry that is compared on the way, and that with each alternative */
  asked: 100,
  entry: 0.02,
  alternative: 0.025,
  /** an entry of a text that is the beginning of many, and one for which a query with operators is evaluated */
  merged: 0.2,
  evaluated: 0.12,
  /** a value that is looked up in a dictionary */
  lookedUp: 2,
  /** a block of the table in which the inverted index has found rows */
  block: 1.75,
  /** a row that is read there, or scanned, and tested */
  scanned: 0.25,
  /** a row that is ranked, too */
  ranked: 1,
};

/** What it costs to read and test so many rows that lie anywhere: those of a frequent condition share their blocks. */
export const reading = (rows: number, { blocks }: Pick<Sample, 'blocks'>): number =>
  blocks * (1 - Math.exp(-rows / blocks)) * costs.block + rows * costs.scanned;

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

const buckets = 256;
/** A range that lies in more buckets is tested on the rows. */
const mostBuckets = 16;
/** What takes so many times as long as expected ends. */
const patience = 4;
const leastBudget = 1000;
const leastBuckets = 4;
/**
 * µs that buckets may take at least. What one takes may be far from what is expected, where the words of a search are side by side or
 * long texts are tested.
 */
const leastLimit = 100_000;

/** The access paths to take one after the other, until one fills the page. */
export function paths({ conditions, bounds, seen, ahead, clustered }: Task): Path[] {
  const others = conditions.filter((condition) => !bounds.includes(condition));
  if (others.length === 0 || others.some(({ never }) => never)) return [{ name: 'walk', budget: null }];
  const { total } = seen.sample;
  const { distance, wanted } = ahead;
  const walked = clustered ? costs.walked.clustered : costs.walked.scattered;
  const narrowed = narrowest(conditions, seen);
  const scanning = Math.min(total * costs.scanned, narrowed.cost);
  const found = findable(conditions, seen, false);
  const everything = costOf(found, seen);
  const lasting = Math.min(everything, scanning);
  const last: Path =
    everything <= scanning
      ? { name: 'collect', found, byBucket: false, budget: null, cost: lasting }
      : { name: 'scan', narrowed: narrowed.cost <= scanning ? narrowed.pair : null, cost: lasting };
  // What a path takes in vain must not be much more than what the next one takes.
  const budget = (expected: number, each: number, otherwise: number, least: number) =>
    Math.ceil(Math.max(least, patience * expected, otherwise / each));

  const inBuckets = findable(others, seen, true);
  const perBucket = costOfBucket(inBuckets, seen, clustered);
  const rowsInBucket = seen.passing(inBuckets.flatMap(({ parameters }) => parameters)) / buckets;
  const expected = Math.max(1, Math.ceil((distance * buckets) / total));
  // Where all conditions are asked for, and exactly, rows are read when they are there: those of the page, and of its last bucket.
  const isExact = inBuckets.length === others.length && seen.dilution === 1;
  const spread = expected * rowsInBucket;
  const fetched = isExact ? Math.min(spread, wanted + rowsInBucket) : spread;
  const byBucket = expected * perBucket + reading(fetched, seen.sample);
  const tried = budget(expected, perBucket + reading(rowsInBucket, seen.sample), lasting, leastBuckets);
  const collect: Path = {
    ...{ name: 'collect', found: inBuckets, byBucket: true },
    ...{ budget: tried < buckets ? tried : null, cost: byBucket },
    limit: Math.max(leastLimit, patience * lasting),
  };
  const rest = byBucket < lasting ? [collect, last] : [last];

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
      const cost = together ? rows * costs.walked.clustered : reading(rows, seen.sample);
      if (cost < least.cost) least = { pair: { range, by }, cost };
    };
    choose(null, seen.passing(parameters));
    for (const by of conditions)
      if (by.zones?.columns.includes(column.name))
        choose(by, seen.spanned(by.parameters, { column, parameters }) + total / buckets);
  }
  return least;
}

/** What it costs to collect all rows that pass; endless where the inverted index finds none of the conditions. */
function costOf(found: readonly Condition[], seen: Survey): number {
  if (found.length === 0) return Number.POSITIVE_INFINITY;
  const compared = Math.min(...found.map(({ parameters }) => seen.passing(parameters)));
  const rows = seen.passing(found.flatMap(({ parameters }) => parameters));
  return asking(found, seen) + compared * alternatives(found, seen) + reading(rows, seen.sample);
}

/** What it costs to ask the inverted index for all rows that pass, without comparing alternatives: its entries. */
function asking(found: readonly Condition[], seen: Survey): number {
  const inPlaces = found.find(({ values }) => values);
  const values = inPlaces ? alternativesOf(inPlaces, seen).likely : 0;
  const places = Math.ceil(values / mostAtOnce) || 1;
  const entries = found.map(
    (one) => seen.entries(one.parameters) * entryCost(one) * (one === inPlaces ? 1 : places),
  );
  return places * costs.asked + entries.reduce((sum, one) => sum + one, 0) + values * costs.lookedUp;
}

/** What it costs to ask for those of one bucket, without reading them. */
function costOfBucket(found: readonly Condition[], seen: Survey, clustered: boolean): number {
  if (found.length === 0) return Number.POSITIVE_INFINITY;
  const { total } = seen.sample;
  const entries = found.reduce((sum, one) => sum + seen.entries(one.parameters) * entryCost(one), 0);
  const inBucket = (total / buckets) * costs.entry + (clustered ? entries / buckets : entries);
  return costs.asked + inBucket + (total / buckets) * alternativesInBucket(found, seen);
}

const entryCost = ({ mergesPrefix = false, isEvaluated = false }: Condition) =>
  mergesPrefix ? costs.merged : isEvaluated ? costs.evaluated : costs.entry;

const no = { likely: 0, most: 0 };

const alternativesOf = ({ parameters, lookedUp = [] }: Condition, seen: Survey) =>
  lookedUp.length > 0 ? seen.different(parameters, lookedUp) : no;

/** Its values may be more than are asked for at once. */
const hasMany = (condition: Condition, seen: Survey) =>
  condition.values !== undefined && alternativesOf(condition, seen).most > mostAtOnce;

/** What an entry costs for the values that it may have. Those of one column are asked for so many at once. */
const alternatives = (found: readonly Condition[], seen: Survey): number =>
  costs.alternative *
  found.reduce((sum, one) => {
    const { likely } = alternativesOf(one, seen);
    return sum + (one.values ? Math.min(mostAtOnce, likely) : likely);
  }, 0);

/** The same in a bucket: of all values at once, and of as many as there may be, since the cost goes with their number. */
const alternativesInBucket = (found: readonly Condition[], seen: Survey): number =>
  costs.alternative * found.reduce((sum, one) => sum + alternativesOf(one, seen).most, 0);

/** The conditions that all matches are collected by, with what that costs; none where to scan the table costs less. */
export function collected(
  conditions: readonly Condition[],
  seen: Survey,
): { found: Condition[]; cost: number } {
  const { total } = seen.sample;
  const found = findable(conditions, seen, false);
  const everything = costOf(found, seen);
  const scanning = total * costs.scanned;
  return everything < scanning ? { found, cost: everything } : { found: [], cost: scanning };
}

/**
 * The conditions that the inverted index is asked for: the one that costs least by itself, and each further one that saves more
 * reading of rows than its entries take. One with alternatives multiplies what is asked, so there is one at the most. Only the
 * values of the first condition can be asked for so many at a time; there is one that may have more. A list that would be merged
 * for each bucket anew is not for buckets.
 */
function findable(conditions: readonly Condition[], seen: Survey, byBucket: boolean): Condition[] {
  const { total } = seen.sample;
  const able = conditions
    .filter(({ find, mergesPrefix = false }) => find !== null && !(byBucket && mergesPrefix))
    .map((condition) => ({
      ...{ condition, rows: seen.passing(condition.parameters), cost: costOf([condition], seen) },
    }))
    .filter(({ condition, rows }) => !condition.range || rows * buckets < mostBuckets * total)
    .sort((a, b) => a.cost - b.cost);
  let found: Condition[] = [];
  let left = total;
  for (const { condition, rows } of able) {
    if (condition.hasAlternatives && found.some((one) => one.hasAlternatives)) continue;
    const isFirst = !byBucket && hasMany(condition, seen);
    if (isFirst && found.some((one) => hasMany(one, seen))) continue;
    const more = isFirst ? [condition, ...found] : [...found, condition];
    const saved = reading(left, seen.sample) - reading((left * rows) / total, seen.sample);
    const compared = left * (byBucket ? alternativesInBucket : alternatives)([condition], seen);
    const read = byBucket
      ? seen.entries(condition.parameters) * entryCost(condition)
      : asking(more, seen) - asking(found, seen);
    if (found.length > 0 && saved < read + compared + costs.asked) continue;
    found = more;
    left *= rows / total;
  }
  return found;
}
