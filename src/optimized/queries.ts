import type { ListRequest } from '../contract/list.ts';
import { type CustomerPatch, incompleteAddress, type NewCustomer } from '../contract/writes.ts';
import type { Run } from '../server/database.ts';
import createText from '../sql/optimized/create.sql' with { type: 'text' };
import customerText from '../sql/optimized/customer.sql' with { type: 'text' };
import deleteText from '../sql/optimized/delete.sql' with { type: 'text' };
import updateText from '../sql/optimized/update.sql' with { type: 'text' };
import * as lists from './list.ts';
import type { Statistics } from './statistics.ts';

/** Rows of a page in the order they were read: each customer's JSON text, and its rank where the list is by relevance. */
export interface Rows {
  bodies: string[];
  ranks: string[];
}

interface PageRow {
  bodies: string | null;
  ranks?: string | null;
}

/** The rows of a page. */
export async function list(
  run: Run,
  request: ListRequest,
  window: lists.Window,
  statistics: Statistics,
): Promise<Rows> {
  for (const { text, parameters, prepare, final } of lists.statements(request, window, statistics)) {
    const [row] = await run<PageRow>(text, parameters, { prepare });
    const bodies = row?.bodies?.split('\n') ?? [];
    if (bodies.length === window.rows || final) return { bodies, ranks: row?.ranks?.split(' ') ?? [] };
  }
  throw new Error('the last statement of a list is final');
}

/** How many customers match: counted, as the planner guesses, or not at all. */
export async function count(run: Run, request: ListRequest, statistics: Statistics): Promise<number | null> {
  if (request.count === 'none') return null;
  const { text, parameters } = lists.count(request, statistics);
  if (request.count === 'exact') {
    return (await run<{ count: number }>(text, parameters, { prepare: false }))[0]!.count;
  }
  const estimate = `explain (format json) ${text.replace('select count(*) as count', 'select')}`;
  const [row] = await run<{ 'QUERY PLAN': string }>(estimate, parameters, { prepare: false });
  return JSON.parse(row!['QUERY PLAN'])[0].Plan['Plan Rows'];
}

/** One customer's JSON text, or null where there is none of this id. */
export const find = async (run: Run, id: string): Promise<string | null> =>
  (await run<{ body: string }>(customerText, [id]))[0]?.body ?? null;

/** Creates a customer with its parts, and answers its id. */
export async function create(run: Run, { address, relationship, ...customer }: NewCustomer): Promise<string> {
  const [row] = await run<{ id: number }>(createText, [
    customer.first_name,
    customer.last_name,
    customer.gender ?? null,
    customer.customer_id ?? null,
    customer.phone_number ?? null,
    customer.birthday ?? null,
    address != null,
    address?.country ?? null,
    address?.city ?? null,
    address?.city_code ?? null,
    address?.street ?? null,
    address?.street_number ?? null,
    relationship != null,
    relationship?.points ?? null,
    relationship?.last_activity ?? null,
  ]);
  return String(row!.id);
}

/** Applies a merge patch; false where there is no such customer. Throws a 422 for an address left incomplete. */
export async function update(run: Run, id: string, patch: CustomerPatch): Promise<boolean> {
  const [row] = await run<{ is_there: boolean; missing: string[] }>(updateText, [id, JSON.stringify(patch)]);
  if (row!.missing.length > 0) throw incompleteAddress(row!.missing);
  return row!.is_there;
}

/** Deletes a customer with its parts; false where there is none. */
export const remove = async (run: Run, id: string): Promise<boolean> =>
  (await run<{ is_there: boolean }>(deleteText, [id]))[0]!.is_there;
