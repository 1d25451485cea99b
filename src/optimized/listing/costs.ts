import { type Condition, mostAtOnce } from './conditions.ts';
import { type Sample, usualRows } from './sample.ts';
import type { Survey } from './survey.ts';

// What it costs to ask the inverted index and to read rows, and for which conditions the index is asked therefore.

/** What an access path costs, in microseconds, measured by `npm run calibrate`; of rows of usual length. */
export const costs = {
  /** a row that is walked to and tested, where rows lie on disk in this order, and where they do not */
  walked: { clustered: 0.5, scattered: 2 },
  /** the inverted index is asked once, and each list of entries that it is asked for */
  asked: 20,
  list: 2,
  /** the next entry that may be in all lists is sought in one, or in one of alternatives, for each after the first */
  sought: 0.065,
  alternative: 0.018,
  /** an entry that is skipped, on a page that is read */
  skipped: 0.005,
  /** the same in the lists of a text that is the beginning of many, and where a query with operators is evaluated */
  merged: 0.2,
  evaluated: 0.12,
  /** a value that is looked up in a dictionary */
  lookedUp: 2,
  /** a block of the table in which the inverted index has found rows */
  block: 1.75,
  /** a row that is read there, or scanned, and tested */
  scanned: 0.4,
  /** a row that is ranked, too */
  ranked: 0.5,
};

type Size = Pick<Sample, 'total' | 'blocks'>;

/** How many times as long as usual a row is: to test or rank it takes as many times as long. A short one takes no less than a usual one. */
const lengthOf = ({ total, blocks }: Size): number => Math.max(1, (blocks * usualRows) / total);

/** What it costs to test so many rows, of blocks that are read anyway, or one after the other. */
export const testing = (rows: number, size: Size): number => rows * lengthOf(size) * costs.scanned;

export const ranking = (rows: number, size: Size): number => rows * lengthOf(size) * costs.ranked;

/** What it costs to walk over so many rows, testing each; `clustered` where they lie on disk in this order. */
export const walking = (rows: number, size: Size, clustered = false): number =>
  rows * (clustered ? lengthOf(size) * costs.walked.clustered : costs.walked.scattered);

/** What it costs to read and test so many rows that lie anywhere: those of a frequent condition share their blocks. */
export const reading = (rows: number, size: Size): number =>
  size.blocks * (1 - Math.exp(-rows / size.blocks)) * costs.block + testing(rows, size);

/** The buckets of an order. */
export const buckets = 256;

/** A bucket of the order of a list: how many rows it has, and whether they lie together on disk, as all of that order do. */
interface Bucket {
  rows: number;
  clustered: boolean;
}

/** What it costs to collect all rows that pass; endless where the inverted index finds none of the conditions. */
export const costOf = (found: readonly Condition[], seen: Survey): number =>
  found.length === 0
    ? Number.POSITIVE_INFINITY
    : lookingUp(found, seen) + asking(found, seen, null) + reading(foundBy(found, seen), seen.sample);

/**
 * How many times as many rows as pass the inverted index finds by these conditions: a range by buckets, the first and last of
 * which lie partly in it.
 */
export function excessOf(found: readonly Condition[], seen: Survey): number {
  const { total } = seen.sample;
  return found.reduce((product, { range, parameters }) => {
    if (!range) return product;
    const within = seen.passing(parameters);
    return (product * Math.min(total, within + total / buckets)) / within;
  }, 1);
}

/** How many rows the inverted index finds by these conditions. */
export const foundBy = (found: readonly Condition[], seen: Survey): number =>
  excessOf(found, seen) * seen.passing(found.flatMap(({ parameters }) => parameters));

/** What it costs to ask for the rows of one bucket, and to read them. */
export const costOfBucket = (found: readonly Condition[], seen: Survey, bucket: Bucket): number =>
  asking(found, seen, bucket) + reading(foundBy(found, seen) / buckets, seen.sample);

/**
 * A list of the inverted index: how many entries, of how many alternatives, and what each costs beside being found or skipped. So many rows
 * at least have it `together` with those before, as the sample shows: the words of one name are found in the same rows.
 */
interface List {
  entries: number;
  alternatives: number;
  each: number;
  together: number;
}

/** What it costs to ask the inverted index for the rows that all these conditions have, everywhere or in one bucket. */
export function asking(found: readonly Condition[], seen: Survey, bucket: Bucket | null): number {
  const { total, rows } = seen.sample;
  const base = bucket?.clustered ? bucket.rows : total;
  const inPlaces = bucket ? undefined : found.find(({ values }) => values);
  const places = inPlaces ? Math.ceil(valuesOf(inPlaces, seen).likely / mostAtOnce) || 1 : 1;
  const lists = found.flatMap((one, i): List[] => {
    // The rows of a bucket that lie together it finds in each list without reading the rest of that.
    const part = bucket?.clustered ? buckets : one === inPlaces ? places : 1;
    const within = one.inBuckets ? foundBy([one], seen) : null;
    const values = within === null ? valuesOf(one, seen).likely : (within * buckets) / total;
    const alternatives = Math.max(1, one === inPlaces ? Math.min(mostAtOnce, values) : values);
    const all = within === null ? seen.entries(one.parameters) : [within];
    const before = found.slice(0, i + 1);
    const share =
      seen.matches(before.flatMap(({ parameters }) => parameters)).count / Math.max(1, rows.length);
    const together = (share * (bucket?.rows ?? total)) / (inPlaces && before.includes(inPlaces) ? places : 1);
    return all.map((entries) => ({ entries: entries / part, alternatives, each: entryCost(one), together }));
  });
  if (bucket) lists.unshift({ entries: bucket.rows, alternatives: 1, each: 0, together: bucket.rows });
  return places * (costs.asked + intersecting(lists, base));
}

/** Entries on a page of a list. */
const onPage = 4000;

/**
 * What it costs to intersect sorted lists of so many rows. The first two are gone through side by side, skipping in each to what may be
 * next in the other, so that from one entry to the next the gaps of both are skipped; each further one is asked for what those
 * before have in common (scanGetItem in PostgreSQL's ginget.c).
 */
function intersecting(lists: readonly List[], rows: number): number {
  const rounds = 1 / lists.slice(0, 2).reduce((sum, { entries }) => sum + 1 / entries, 0);
  let cost = 0;
  let common = rows;
  for (const [i, { entries, alternatives, each, together }] of lists.entries()) {
    const times = i < 2 ? rounds : common;
    const read = Math.min(entries, times * onPage);
    cost += alternatives * costs.list + times * (costs.sought + (alternatives - 1) * costs.alternative);
    cost += read * (costs.skipped + each);
    common = Math.max(together, (common * entries) / rows);
  }
  return cost;
}

const entryCost = ({ mergesPrefix = false, isEvaluated = false }: Condition) =>
  mergesPrefix ? costs.merged : isEvaluated ? costs.evaluated : 0;

const no = { likely: 0, most: 0 };

const valuesOf = ({ parameters, lookedUp = [] }: Condition, seen: Survey) =>
  lookedUp.length > 0 ? seen.different(parameters, lookedUp) : no;

export const lookingUp = (found: readonly Condition[], seen: Survey): number =>
  costs.lookedUp * found.reduce((sum, one) => sum + valuesOf(one, seen).likely, 0);

/** Its values may be more than are asked for at once. */
const hasMany = (condition: Condition, seen: Survey) =>
  condition.values !== undefined && valuesOf(condition, seen).most > mostAtOnce;

/** The conditions that all matches are collected by, with what that costs; none where to scan the table costs less. */
export function collected(
  conditions: readonly Condition[],
  seen: Survey,
): { found: Condition[]; cost: number } {
  const { total } = seen.sample;
  const found = findable(conditions, seen, null);
  const everything = costOf(found, seen);
  const scanning = testing(total, seen.sample);
  return everything < scanning ? { found, cost: everything } : { found: [], cost: scanning };
}

/** A range that lies within a bucket has fewer rows than that, and a B-tree has those alone. */
const isWithinBucket = ({ range, parameters }: Condition, seen: Survey) =>
  range?.isSorted === true && seen.passing(parameters) * buckets < seen.sample.total;

/**
 * The conditions that the inverted index is asked for: the one that costs least by itself, and each further one with which all of it
 * costs less. One with alternatives multiplies what is asked, so there is one at the most. Only the values of the first
 * condition can be asked for so many at a time; there is one that may have more. A list that would be merged for each bucket anew is
 * not for buckets.
 */
export function findable(conditions: readonly Condition[], seen: Survey, bucket: Bucket | null): Condition[] {
  const able = conditions
    .filter(({ find, mergesPrefix = false }) => find !== null && !(bucket && mergesPrefix))
    .filter((condition) => !isWithinBucket(condition, seen))
    .map((condition) => ({ condition, cost: costOf([condition], seen) }))
    .sort((a, b) => a.cost - b.cost);
  let found: Condition[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const { condition } of able) {
    if (condition.hasAlternatives && found.some((one) => one.hasAlternatives)) continue;
    const isFirst = !bucket && hasMany(condition, seen);
    if (isFirst && found.some((one) => hasMany(one, seen))) continue;
    const more = isFirst ? [condition, ...found] : [...found, condition];
    const cost = bucket ? costOfBucket(more, seen, bucket) : costOf(more, seen);
    if (found.length > 0 && cost >= least) continue;
    found = more;
    least = cost;
  }
  return found;
}
