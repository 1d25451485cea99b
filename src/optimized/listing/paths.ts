import type { Condition } from './conditions.ts';
import type { Outlook, Survey } from './sample.ts';

// Which access path a page takes. There are three. To walk the index of the order, testing each row, is right where many
// rows match. To ask the inverted index is right where few do: for everything at once, or, where those are more than a
// page needs, for one bucket of the order after the other. To scan the blocks that ranges do not exclude is the way where
// no index finds the matches and the walk would be long. Each that may end before the page is full is followed by
// another; the last always fills it.

/** What an access path costs, in microseconds, measured by `npm run calibrate`. */
export const costs = {
  /** a row that is walked to and tested, where rows lie on disk in this order, and where they do not */
  walked: { clustered: 0.5, scattered: 2 },
  /** the inverted index is asked once, and each entry that is compared on the way */
  asked: 100,
  entry: 0.02,
  /** a row that the inverted index has found, read and tested */
  fetched: 2,
  /** a row that is scanned in a block */
  scanned: 0.25,
};

export type Path =
  | { name: 'walk'; budget: number | null }
  | { name: 'collect'; found: Condition[]; byBucket: boolean }
  | { name: 'scan'; skips: boolean; budget: number };

export interface Task {
  /** the conditions that the walk does not have as bounds of its index */
  conditions: readonly Condition[];
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
export function paths({ conditions, seen, ahead, wanted, clustered }: Task): Path[] {
  if (conditions.length === 0) return [{ name: 'walk', budget: null }];
  const { total } = seen.sample;
  const distance = ahead.distance(wanted);
  const walking = distance * (clustered ? costs.walked.clustered : costs.walked.scattered);
  const walk: Path = { name: 'walk', budget: Math.ceil(Math.max(leastBudget, patience * distance)) };
  const found = findable(conditions, seen);
  if (found.length === 0) {
    const scan: Path = { name: 'scan', skips: false, budget: 0 };
    if (ahead.skipped && conditions.some(({ range }) => range))
      return [{ name: 'scan', skips: true, budget: leastBudget * patience }, scan];
    return walking < total * costs.scanned ? [walk, scan] : [scan];
  }
  const rows = seen.passing(found.flatMap(({ parameters }) => parameters));
  const entries = found.reduce((sum, { parameters }) => sum + seen.passing(parameters), 0);
  const everything = costs.asked + entries * costs.entry + rows * costs.fetched;
  const inBucket = total / buckets + (clustered ? entries / buckets : entries);
  const perBucket = costs.asked + inBucket * costs.entry + (rows / buckets) * costs.fetched;
  const byBucket = Math.ceil((distance * buckets) / total) * perBucket;
  const collect: Path = { name: 'collect', found, byBucket: byBucket < everything };
  return walking < Math.min(everything, byBucket) ? [walk, collect] : [collect];
}

/**
 * The conditions that the inverted index is asked for: the one that fewest rows pass, and each further one that saves more
 * reading of rows than its entries take. One with alternatives multiplies what is asked, so there is one at the most.
 */
export function findable(
  conditions: readonly Condition[],
  { sample: { total }, passing }: Survey,
): Condition[] {
  const able = conditions
    .filter(({ find }) => find !== null)
    .map((condition) => ({ condition, rows: passing(condition.parameters) }))
    .filter(({ condition, rows }) => !condition.range || rows * buckets < mostBuckets * total)
    .sort((a, b) => a.rows - b.rows);
  const found: Condition[] = [];
  let left = total;
  for (const { condition, rows } of able) {
    if (condition.hasAlternatives && found.some((one) => one.hasAlternatives)) continue;
    const saved = left * (1 - rows / total) * costs.fetched;
    if (found.length > 0 && saved < rows * costs.entry + costs.asked) continue;
    found.push(condition);
    left *= rows / total;
  }
  return found;
}
