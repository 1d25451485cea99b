import type { ListRequest } from '../../contract/list.ts';
import { compare, keyOf, type Place } from '../places.ts';
import type { Change, Version } from './change.ts';
import { matches } from './matching.ts';

// Which pages a change can change. What a page says follows from the customers that were read for it, one more than it
// shows, and from their number where it is counted; so a change elsewhere leaves it as it is.

/** What was read for a page, in its own order of reading. */
export interface Subject extends Pick<ListRequest, 'filters' | 'search' | 'sort' | 'descending'> {
  kind: 'list';
  counted: boolean;
  backwards: boolean;
  /** where the reading began; null at the beginning of the list */
  from: (Place & { inclusive: boolean }) | null;
  /** the first customer that the page shows; null where it shows none, or shows all that were read */
  shown: Place | null;
  /** the last customer that was read; null where the list ended before */
  to: Place | null;
}

/** What a cached text is about: a page, or one customer. */
export type About = Subject | { kind: 'customer'; id: number };

/** Whether a change can have made another text of what is about this. */
export function concerns(about: About, change: Change): boolean {
  const { before, after, everything } = change;
  if (everything) return true;
  if (about.kind === 'customer') return (after ?? before)?.customer.id === about.id;
  const was = before === null ? false : matches(before, about);
  const is = after === null ? false : matches(after, about);
  if (was === false && is === false) return false;
  if (about.counted && (was !== is || is === null)) return true;
  const left = was !== false && wasRead(about, before!);
  const entered = is !== false && wasRead(about, after!);
  if (!left && !entered) return false;
  return !(was && is && onlySkipped(about, before!, after!));
}

function wasRead({ sort, descending, backwards, from, to }: Subject, { customer }: Version): boolean {
  if (sort === 'relevance') return true;
  const place = { key: keyOf(customer, sort), id: customer.id };
  const beyond = (other: Place) => (backwards ? -1 : 1) * compare(place, other, descending);
  if (to !== null && beyond(to) > 0) return false;
  if (from === null) return true;
  const distance = beyond(from);
  return distance > 0 || (distance === 0 && from.inclusive);
}

// Who stays in the same place among those that a numbered page skips is counted there, and not seen.
function onlySkipped({ sort, descending, shown }: Subject, before: Version, after: Version): boolean {
  if (shown === null || sort === 'relevance') return false;
  const was = { key: keyOf(before.customer, sort), id: before.customer.id };
  const is = { key: keyOf(after.customer, sort), id: after.customer.id };
  return compare(was, is, descending) === 0 && compare(is, shown, descending) < 0;
}
