import type { ListRequest } from '../../contract/list.ts';
import type { Listing } from '../listing/listing.ts';
import { judgeAll, predicates, type Verdict, type Version } from '../listing/match.ts';
import { compare, type Place, placeOf } from '../listing/rows.ts';
import type { Change } from './change.ts';

// Which pages a change can change. What a page says follows from the rows that were read for it, one more than it shows, and
// from their number where it is counted; so a change elsewhere leaves it as it is.

/** What was read for a page, in its own order of reading. */
export interface Subject extends Pick<ListRequest, 'filters' | 'search' | 'sort' | 'descending'> {
  kind: 'list';
  counted: boolean;
  backwards: boolean;
  /** where the reading began; null at the beginning of the list */
  from: (Place & { inclusive: boolean }) | null;
  /** the first row that was read after those that a numbered page skips; null where it skips none */
  shown: Place | null;
  /** the last row that was read; null where the list ended before */
  to: Place | null;
}

/** What a cached text is about: a page, or one row. */
export type About = Subject | { kind: 'row'; id: number };

/** Whether a change can have made another text of what is about this. */
export type Concerns = (about: About, change: Change) => boolean;

/** Decides for a listing. What PostgreSQL may see otherwise counts as a match and as none. */
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
  // By relevance any place is possible.
  if (!order) return true;
  const place = placeOf(order, row.values);
  const beyond = (other: Place) => (backwards ? -1 : 1) * compare(place, other, descending);
  if (to !== null && beyond(to) > 0) return false;
  if (from === null) return true;
  const distance = beyond(from);
  return distance > 0 || (distance === 0 && from.inclusive);
}

// A row that stays in the same place among those that a numbered page skips is counted there, and not seen.
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
