import type { ListRequest } from '../../contract/list.ts';
import type { Listing } from '../listing/listing.ts';
import { judgeAll, predicates, type Verdict, type Version } from '../listing/match.ts';
import { compare, type Place, placeOf } from '../listing/rows.ts';
import type { Change } from './change.ts';

// Decides which pages a change can affect. A page follows from the rows that were read for it, one more than it shows, and from
// the number of matches if they are counted. A change elsewhere leaves it as it is.

/** What was read for a page; its places are in reading order. */
export interface Subject extends Pick<ListRequest, 'filters' | 'search' | 'sort' | 'descending'> {
  kind: 'list';
  counted: boolean;
  backwards: boolean;
  /** where the reading began; null at the beginning of the list */
  from: (Place & { inclusive: boolean }) | null;
  /** the first row that was read after those that a numbered page skips; null if it skips none */
  shown: Place | null;
  /** the last row that was read; null if the list ended before the page was full */
  to: Place | null;
}

/** The subject of a cached text: a page, or one row. */
export type About = Subject | { kind: 'row'; id: number };

/** Whether a change can have altered the text about this subject. */
export type Concerns = (about: About, change: Change) => boolean;

/** `Concerns` for a listing. Where PostgreSQL may decide differently, a row counts both as a match and as none. */
export const concernsOf =
  (listing: Listing): Concerns =>
  (about, { before, after, everything }) => {
    if (everything) return true;
    if (about.kind === 'row') return (after ?? before)?.values[0] === about.id;
    const all = [...predicates(listing, about, () => null).values()];
    const matches = (row: Version | null): Verdict => (row === null ? false : judgeAll(all, row));
    const [was, is] = [matches(before), matches(after)];
    if (was === false && is === false) return false;
    if (about.counted && (was !== is || is === null)) return true;
    const left = was !== false && wasRead(listing, about, before!);
    const entered = is !== false && wasRead(listing, about, after!);
    if (!left && !entered) return false;
    return !(was && is && onlySkipped(listing, about, before!, after!));
  };

function wasRead(
  { orders }: Listing,
  { sort, descending, backwards, from, to }: Subject,
  row: Version,
): boolean {
  const order = orders[sort];
  // By relevance a row can have any place.
  if (!order) return true;
  const place = placeOf(order, row.values);
  const beyond = (other: Place) => (backwards ? -1 : 1) * compare(place, other, descending);
  if (to !== null && beyond(to) > 0) return false;
  if (from === null) return true;
  const distance = beyond(from);
  return distance > 0 || (distance === 0 && from.inclusive);
}

// A row that keeps its place among those that a numbered page skips is counted there, but not shown.
function onlySkipped(
  { orders }: Listing,
  { sort, descending, shown }: Subject,
  before: Version,
  after: Version,
): boolean {
  const order = orders[sort];
  if (shown === null || !order) return false;
  const [was, is] = [placeOf(order, before.values), placeOf(order, after.values)];
  return compare(was, is, descending) === 0 && compare(is, shown, descending) < 0;
}
