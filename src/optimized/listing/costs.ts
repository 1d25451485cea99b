import { type Condition, mostAtOnce } from './conditions.ts';
import { type Sample, usualRows } from './sample.ts';
import type { Survey } from './survey.ts';

// The cost model: estimates what scans of the inverted index and reads of rows cost, and chooses the index conditions by that.

/** Cost constants in microseconds, for rows of usual length; measured by `npm run calibrate`. */
export const costs = {
  /** to walk to a row and test it, if rows are stored in this order, and if they are not; to walk to its key alone */
  walked: { clustered: 0.5, scattered: 2, key: 0.4 },
  /** to read a row by its id */
  byId: 4,
  /** one scan of the inverted index, and each posting list that it reads */
  asked: 20,
  list: 2,
  /** to seek the next candidate row id in a list, and in each alternative after the first */
  sought: 0.065,
  alternative: 0.018,
  /** a row id that is skipped, in an index block that is read */
  skipped: 0.005,
  /** each in addition, in the merged lists of a prefix, and where a query with operators is evaluated */
  merged: 0.5,
  evaluated: 0.12,
  /** a value that is looked up in a dictionary */
  lookedUp: 2,
  /** a block of the table in which the inverted index found rows */
  block: 1.75,
  /** a row that is read there, or scanned, and tested */
  scanned: 0.4,
  /** a row that is also ranked */
  ranked: 0.5,
};

type Size = Pick<Sample, 'total' | 'blocks'>;

/** How many times the usual length a row has, at least 1: to test or rank it takes proportionally longer. */
const lengthOf = ({ total, blocks }: Size): number => Math.max(1, (blocks * usualRows) / total);

/** The cost to test `rows` rows, in blocks that are read anyway or read sequentially. */
export const testing = (rows: number, size: Size): number => rows * lengthOf(size) * costs.scanned;

export const ranking = (rows: number, size: Size): number => rows * lengthOf(size) * costs.ranked;

/** The cost to walk over `rows` rows, testing each, of which this share is not stored in the order. */
export const walking = (rows: number, size: Size, scattered = 1): number =>
  rows * ((1 - scattered) * lengthOf(size) * costs.walked.clustered + scattered * costs.walked.scattered);

/** The cost to walk over the keys of `rows` rows, and to read `read` of these rows by their id. */
export const walkingKeys = (rows: number, read: number): number =>
  rows * costs.walked.key + read * costs.byId;

/** The cost to read and test `rows` rows that lie anywhere: those of a frequent condition share their blocks. */
export const reading = (rows: number, size: Size): number =>
  size.blocks * (1 - Math.exp(-rows / size.blocks)) * costs.block + testing(rows, size);

/** The number of buckets of an order, without those of nulls. */
export const buckets = 256;

/** A bucket of a list's order: its number of rows, and the share of them that do not lie together on disk, as in all of that order. */
interface Bucket {
  rows: number;
  scattered: number;
}

/** The cost to collect all rows that pass by the index conditions `found`; infinite if there are none. */
export const costOf = (found: readonly Condition[], seen: Survey): number =>
  found.length === 0
    ? Number.POSITIVE_INFINITY
    : lookingUp(found, seen) + asking(found, seen, null) + reading(foundBy(found, seen), seen.sample);

/**
 * The factor by which the inverted index finds more rows than pass: it finds a range by buckets, the first and last of which lie only
 * partly in it.
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

/** The cost to look up the rows of one bucket, and to read them. */
export const costOfBucket = (found: readonly Condition[], seen: Survey, bucket: Bucket): number =>
  asking(found, seen, bucket) + reading(foundBy(found, seen) / buckets, seen.sample);

/**
 * A posting list: its length, its number of alternatives, and the cost of `each` row id beyond seeking and skipping. `together`: at least
 * so many rows are in this list and all before it, as the sample shows; the words of one name are in the same rows.
 */
interface List {
  entries: number;
  alternatives: number;
  each: number;
  together: number;
}

/** The cost of the inverted-index scan for the rows that pass all these conditions, in the whole table or in one bucket. */
export function asking(found: readonly Condition[], seen: Survey, bucket: Bucket | null): number {
  if (!bucket || bucket.scattered === 1)
    return askingIn(found, seen, bucket && { ...bucket, isTogether: false });
  const part = (share: number, isTogether: boolean) =>
    share > 0 ? askingIn(found, seen, { rows: share * bucket.rows, isTogether }) : 0;
  return part(1 - bucket.scattered, true) + part(bucket.scattered, false);
}

function askingIn(
  found: readonly Condition[],
  seen: Survey,
  bucket: { rows: number; isTogether: boolean } | null,
): number {
  const { total, rows } = seen.sample;
  const base = bucket?.isTogether ? bucket.rows : total;
  const inPlaces = bucket ? undefined : found.find(({ values }) => values);
  const places = inPlaces ? Math.ceil(valuesOf(inPlaces, seen).likely / mostAtOnce) || 1 : 1;
  const lists = found.flatMap((one, i): List[] => {
    // If the rows of a bucket lie together on disk, the rest of each posting list is not read.
    const part = bucket?.isTogether ? buckets : one === inPlaces ? places : 1;
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

/** Row ids in one index block of a posting list. */
const onPage = 4000;

/**
 * The cost to intersect sorted posting lists over `rows` rows. The first two are read side by side: each skips to the next candidate of
 * the other, so a step passes the gaps of both. Each further list is probed for the row ids that those before it have in common
 * (scanGetItem in PostgreSQL's ginget.c).
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

/** Whether a condition may have more values than one lookup takes. */
const hasMany = (condition: Condition, seen: Survey) =>
  condition.values !== undefined && valuesOf(condition, seen).most > mostAtOnce;

/** The index conditions by which all matches are collected, and the cost; no conditions if a scan of the table costs less. */
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

/** Whether a range has fewer rows than a bucket, so that a B-tree, which has those alone, reads less. */
const isWithinBucket = ({ range, parameters }: Condition, seen: Survey) =>
  range?.isSorted === true && seen.passing(parameters) * buckets < seen.sample.total;

/**
 * Chooses the index conditions: the one that costs least alone, and each further one that lowers the total cost. Alternatives multiply the
 * lookups, so at most one condition has them. Only the values of the first condition can be looked up `mostAtOnce` at a time, so at most
 * one may have more. A prefix is not for buckets: its lists would be merged again for each.
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
