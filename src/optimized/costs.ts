import type { Condition } from './conditions.ts';

// Which way to a page is likely to be the fastest, as measured with 3 million customers in memory: a customer that is
// walked past costs 0.7 µs, one that the index found and that has to be fetched and sorted 3.5 µs.

/** Customers that are walked past in the time in which a page is collected. */
const walkable = 1500;
/** Customers that a walk may read before it gives up: few values, since each is part of the text of a statement. */
const budgets = [6_000, 50_000];
/** Matches that are collected as a whole; of more, a part at a time. */
const fewMatches = 3000;
/** Entries of the index that a filter may read, and the share it may find, to be worth asking. */
const mostEntries = 150;
const mostShare = 0.25;
/** Groups that a list is parted into at the most. */
const mostGroups = 128;

/** How many customers a walk to `rows` matches may read; 0 where collecting is likely to be faster. */
export function walkBudget(filters: Condition[], rows: number): number {
  const expected = rows / shareOf(filters);
  if (expected > Math.max(walkable, 4 * rows)) return 0;
  return budgets.find((budget) => budget >= 3 * expected) ?? 0;
}

/** The conditions that the index is asked for; the others are tested on the rows it finds. */
export function worthAsking(filters: Condition[]): Condition[] {
  const able = filters.filter(({ find }) => find !== null).sort((a, b) => a.share - b.share);
  const good = able.filter(({ share, entries }) => share <= mostShare && entries <= mostEntries);
  return good.length > 0 ? good : able.slice(0, 1);
}

/** Whether the index finds so few customers that all of them can be collected. */
export function few(filters: Condition[], total: number): boolean {
  return Math.min(1, ...worthAsking(filters).map(({ share }) => share)) * total <= fewMatches;
}

/** How many customers make a group: enough for `rows` matches three times over, and not too many groups. */
export const groupSize = (filters: Condition[], rows: number, total: number): number =>
  Math.ceil(Math.max((3 * rows) / shareOf(filters), total / mostGroups, 1));

// Filters go together more often than chance has it (a city and its country), so each further one counts for less.
function shareOf(filters: Condition[]): number {
  const shares = filters.map(({ share }) => share).sort((a, b) => a - b);
  return Math.max(
    1e-9,
    shares.reduce((product, share, i) => product * share ** (1 / 2 ** i), 1),
  );
}
