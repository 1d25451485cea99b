import type { ListRequest } from '../contract/list.ts';
import type { Making } from './conditions.ts';
import type { Order } from './order.ts';

// Nobody is changed or active before being created. So whoever was last updated before some moment was created before
// it too, and a list by `created`, newest first, need not be walked from now back to then. Nothing forbids other rows
// in the tables; these are few, have an index of their own, and are looked at beside (walk_implied.sql).

const childOf = { last_updated: 'last_updated_before', last_activity: 'active_before' } as const;

/**
 * The time in which all who match were created, where the filters bound it on both sides, but for those who were changed
 * or active before. It may end before it begins.
 */
export function createdWithin({ filters }: ListRequest): { from: string; to: string } | null {
  const ends = Object.values(childOf).flatMap((filter) => filters[filter] ?? []);
  if (filters.created_after === undefined || ends.length === 0) return null;
  return { from: filters.created_after, to: ends.toSorted()[0]! };
}

/** The bound of the sort column that the filters imply where the walk would begin on their far side; null: none. */
export function implied(
  { filters }: ListRequest,
  { columns, descending }: Order,
): { operator: '<=' | '>='; value: string; by: string[] } | null {
  const sorted = columns[0]!.name;
  if (sorted === 'created' && descending) {
    const given = Object.entries(childOf).filter(([, filter]) => filters[filter] !== undefined);
    const values = given.map(([, filter]) => filters[filter]!).sort();
    return values.length > 0
      ? { operator: '<=', value: values[0]!, by: given.map(([column]) => column) }
      : null;
  }
  if (Object.hasOwn(childOf, sorted) && !descending && filters.created_after !== undefined) {
    return { operator: '>=', value: filters.created_after, by: ['created'] };
  }
  return null;
}

/** It as SQL. */
export const impliedTest = (
  bound: NonNullable<ReturnType<typeof implied>>,
  column: string,
  bind: Making['bind'],
) => `${column} ${bound.operator} ${bind(bound.value, 'timestamptz')}`;
