import { type Sort, sorts } from '../../src/contract/parameters.ts';
import type { Random } from '../generate/random.ts';
import { simple } from './goals.ts';
import type { Draft, Query } from './shape.ts';

export const orderings = ['ascending', 'descending'] as const;
const plain: readonly Sort[] = sorts.filter((sort) => sort !== 'relevance');
const orders = plain.flatMap((sort_by) => orderings.map((ordering) => ({ sort_by, ordering })));

/** Every order of a list except the default one. */
export const otherSorts: readonly Query[] = orders.filter(
  ({ sort_by, ordering }) => sort_by !== 'created' || ordering !== 'descending',
);

export const otherSort = (draw: Random): Query => draw.pick(otherSorts);

/** Every sort in both directions. */
export const sorting: Draft[] = orders.map((query) => ({
  ...{ name: `sort: ${query.sort_by}, ${query.ordering}`, kind: 'list', goal: simple },
  query: () => query,
}));
