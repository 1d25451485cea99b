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
  /** the inverted index is asked once, each entry that is compared on the way, and that with each alternative */
  asked: 100,
  entry: 0.02,
  alternative: 0.025,
  /** a row that the inverted index has found, read and tested */
  fetched: 2,
  /** a row that is scanned in a block */
  scanned: 0.25,
  /** a row that is ranked */
  ranked: 3,
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
  const walked = clustered ? costs.walked.clustered : costs.walked.scattered;
  // What the walk takes in vain must not be much more than what follows it.
  const walk = (otherwise: number): Path => ({
    name: 'walk',
    budget: Math.ceil(Math.max(leastBudget, patience * distance, otherwise / walked)),
  });
  const found = findable(conditions, seen);
  const scanning = total * costs.scanned;
  const { everything, byBucket } = collecting(found, seen, distance, clustered);
  const least = Math.min(everything, byBucket);
  if (found.length === 0 || least > scanning) {
    const scan: Path = { name: 'scan', skips: false, budget: 0 };
    if (ahead.skipped && conditions.some(({ range }) => range))
      return [{ name: 'scan', skips: true, budget: leastBudget * patience }, scan];
    return distance * walked < scanning ? [walk(scanning), scan] : [scan];
  }
  const collect: Path = { name: 'collect', found, byBucket: byBucket < everything };
  return distance * walked < least ? [walk(least), collect] : [collect];
}

/** What it costs to collect all that match, at once and up to a distance in the list. */
function collecting(found: readonly Condition[], seen: Survey, distance: number, clustered: boolean) {
  const { total } = seen.sample;
  const each = found.map(({ parameters }) => seen.passing(parameters));
  const entries = each.reduce((sum, rows) => sum + rows, 0);
  const rows = seen.passing(found.flatMap(({ parameters }) => parameters));
  const alternatives = found.reduce((sum, one) => sum + alternativesOf(one, seen), 0) * costs.alternative;
  const everything =
    costs.asked + entries * costs.entry + Math.min(total, ...each) * alternatives + rows * costs.fetched;
  const inBucket = total / buckets + (clustered ? entries / buckets : entries);
  const perBucket =
    costs.asked +
    inBucket * costs.entry +
    (total / buckets) * alternatives +
    (rows / buckets) * costs.fetched;
  return { everything, byBucket: Math.ceil((distance * buckets) / total) * perBucket };
}

const alternativesOf = ({ parameters, lookedUp = [] }: Condition, seen: Survey): number =>
  lookedUp.length > 0 ? seen.different(parameters, lookedUp) : 0;

/** The conditions that all matches are collected by, with what that costs; none where to scan the table costs less. */
export function collected(
  conditions: readonly Condition[],
  seen: Survey,
): { found: Condition[]; cost: number } {
  const { total } = seen.sample;
  const found = findable(conditions, seen);
  const { everything } = collecting(found, seen, total, true);
  const scanning = total * costs.scanned;
  return found.length > 0 && everything < scanning
    ? { found, cost: everything }
    : { found: [], cost: scanning };
}

/**
 * The conditions that the inverted index is asked for: the one that fewest rows pass, and each further one that saves more
 * reading of rows than its entries take. One with alternatives multiplies what is asked, so there is one at the most.
 */
function findable(conditions: readonly Condition[], seen: Survey): Condition[] {
  const { total } = seen.sample;
  const able = conditions
    .filter(({ find }) => find !== null)
    .map((condition) => ({ condition, rows: seen.passing(condition.parameters) }))
    .filter(({ condition, rows }) => !condition.range || rows * buckets < mostBuckets * total)
    .sort((a, b) => a.rows - b.rows);
  const found: Condition[] = [];
  let left = total;
  for (const { condition, rows } of able) {
    if (condition.hasAlternatives && found.some((one) => one.hasAlternatives)) continue;
    const saved = left * (1 - rows / total) * costs.fetched;
    const compared = left * alternativesOf(condition, seen) * costs.alternative;
    if (found.length > 0 && saved < rows * costs.entry + compared + costs.asked) continue;
    found.push(condition);
    left *= rows / total;
  }
  return found;
}
