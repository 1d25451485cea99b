import type { Condition } from './conditions.ts';
import type { Outlook, Survey } from './sample.ts';

// Which access path a page takes. To walk the index of the order, testing each row, is right where many rows match. To ask
// the inverted index is right where few do: for everything at once, or, where those are more than a page needs, for one bucket
// of the order after the other. To scan the table is what remains where no index finds the matches and the walk would be
// long. A walk that may end before the page is full is followed by another path, which always fills it.

/** What an access path costs, in microseconds, measured by `npm run calibrate`. */
export const costs = {
  /** a row that is walked to and tested, where rows lie on disk in this order, and where they do not */
  walked: { clustered: 0.5, scattered: 2 },
  /** the inverted index is asked once, each entry that is compared on the way, and that with each alternative */
  asked: 100,
  entry: 0.02,
  alternative: 0.025,
  /** an entry of a text that is the beginning of many */
  merged: 0.2,
  /** a row that the inverted index has found, read and tested */
  fetched: 2,
  /** a row that is scanned */
  scanned: 0.25,
  /** a row that is ranked */
  ranked: 3,
};

export type Path =
  | { name: 'walk'; budget: number | null }
  | { name: 'collect'; found: Condition[]; byBucket: boolean }
  | { name: 'scan' };

export interface Task {
  conditions: readonly Condition[];
  /** those that the walk has as bounds of its index */
  bounds: readonly Condition[];
  seen: Survey;
  ahead: Outlook;
  /** rows of the page, and those that it skips */
  wanted: number;
  /** the rows of the table lie in the order of the list */
  clustered: boolean;
}

const buckets = 256;
/** A range that lies in more buckets is tested on the rows. */
const mostBuckets = 16;
/** A walk that takes so many times as long as expected ends. */
const patience = 4;
const leastBudget = 1000;

/** The access paths to take one after the other, until one fills the page. */
export function paths({ conditions, bounds, seen, ahead, wanted, clustered }: Task): Path[] {
  const others = conditions.filter((condition) => !bounds.includes(condition));
  if (others.length === 0 || others.some(({ never }) => never)) return [{ name: 'walk', budget: null }];
  const { total } = seen.sample;
  const distance = ahead.distance(wanted);
  const walked = clustered ? costs.walked.clustered : costs.walked.scattered;
  // What the walk takes in vain must not be much more than what follows it.
  const walk = (otherwise: number): Path => ({
    name: 'walk',
    budget: Math.ceil(Math.max(leastBudget, patience * distance, otherwise / walked)),
  });
  const scanning = total * costs.scanned;
  const atOnce = findable(conditions, seen, false);
  const inBuckets = findable(others, seen, true);
  const [everything, byBucket] = [costOf(atOnce, seen), costByBucket(inBuckets, seen, distance, clustered)];
  const least = Math.min(everything, byBucket);
  if (least > scanning) {
    const scan: Path = { name: 'scan' };
    return distance * walked < scanning ? [walk(scanning), scan] : [scan];
  }
  const collect: Path =
    byBucket < everything
      ? { name: 'collect', found: inBuckets, byBucket: true }
      : { name: 'collect', found: atOnce, byBucket: false };
  return distance * walked < least ? [walk(least), collect] : [collect];
}

/** What it costs to collect all rows that pass; endless where the inverted index finds none of the conditions. */
function costOf(found: readonly Condition[], seen: Survey): number {
  if (found.length === 0) return Number.POSITIVE_INFINITY;
  const each = found.map(({ parameters }) => seen.passing(parameters));
  const entries = found.reduce((sum, one, i) => sum + each[i]! * entryCost(one), 0);
  const rows = seen.passing(found.flatMap(({ parameters }) => parameters));
  return costs.asked + entries + Math.min(...each) * alternatives(found, seen) + rows * costs.fetched;
}

/** What it costs to collect those up to a distance in the list, bucket by bucket. */
function costByBucket(found: readonly Condition[], seen: Survey, distance: number, clustered: boolean) {
  if (found.length === 0) return Number.POSITIVE_INFINITY;
  const { total } = seen.sample;
  const entries = found.reduce((sum, { parameters }) => sum + seen.passing(parameters), 0);
  const rows = seen.passing(found.flatMap(({ parameters }) => parameters));
  const inBucket = total / buckets + (clustered ? entries / buckets : entries);
  const perBucket =
    costs.asked +
    inBucket * costs.entry +
    (total / buckets) * alternatives(found, seen) +
    (rows / buckets) * costs.fetched;
  return Math.ceil((distance * buckets) / total) * perBucket;
}

const entryCost = ({ mergesPrefix = false }: Condition) => (mergesPrefix ? costs.merged : costs.entry);

/** What an entry costs for the values that it may have. */
const alternatives = (found: readonly Condition[], seen: Survey): number =>
  found.reduce((sum, one) => sum + alternativesOf(one, seen), 0) * costs.alternative;

const alternativesOf = ({ parameters, lookedUp = [] }: Condition, seen: Survey): number =>
  lookedUp.length > 0 ? seen.different(parameters, lookedUp) : 0;

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
 * The conditions that the inverted index is asked for: the one that fewest rows pass, and each further one that saves more
 * reading of rows than its entries take. One with alternatives multiplies what is asked, so there is one at the most; and lists
 * that are merged for each bucket anew are none for buckets.
 */
function findable(conditions: readonly Condition[], seen: Survey, byBucket: boolean): Condition[] {
  const { total } = seen.sample;
  const able = conditions
    .filter(({ find, mergesPrefix = false }) => find !== null && !(byBucket && mergesPrefix))
    .map((condition) => ({ condition, rows: seen.passing(condition.parameters) }))
    .filter(({ condition, rows }) => !condition.range || rows * buckets < mostBuckets * total)
    .sort((a, b) => a.rows - b.rows);
  const found: Condition[] = [];
  let left = total;
  for (const { condition, rows } of able) {
    if (condition.hasAlternatives && found.some((one) => one.hasAlternatives)) continue;
    const saved = left * (1 - rows / total) * costs.fetched;
    const compared = left * alternativesOf(condition, seen) * costs.alternative;
    if (found.length > 0 && saved < rows * entryCost(condition) + compared + costs.asked) continue;
    found.push(condition);
    left *= rows / total;
  }
  return found;
}
