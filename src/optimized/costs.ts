import type { Condition } from './conditions.ts';

// What the ways to a page cost, as measured with 3 million customers in memory (docs/costs.md). They are choices of a
// beginning: each way ends at a bound, and hands over to the next.

/** Customers that are read in the time in which a page is collected. */
const walkable = 1500;
/** Customers that a walk may read before it gives up: few values, since each is part of the text of a statement. */
const budgets = [6_000, 50_000];
/** Entries of the index that a filter may read, and the share it may find, to be worth asking. */
const mostEntries = 600;
const mostShare = 0.25;

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

/** How many customers to look among for `rows` matches: first three times as many as it should take, then more. */
export function nearby(filters: Condition[], rows: number, total: number): number[] {
  const first = Math.ceil((3 * rows) / shareOf(filters));
  return [first, 16 * first].filter((customers) => customers < total / 2);
}

const shareOf = (filters: Condition[]) =>
  Math.max(
    1e-12,
    filters.reduce((product, { share }) => product * share, 1),
  );
