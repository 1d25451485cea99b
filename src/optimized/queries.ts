import type { ListRequest } from '../contract/list.ts';
import type { Search } from '../contract/search.ts';
import { type CustomerPatch, incompleteAddress, type NewCustomer } from '../contract/writes.ts';
import type { Run } from '../server/database.ts';
import createText from '../sql/optimized/create.sql' with { type: 'text' };
import customerText from '../sql/optimized/customer.sql' with { type: 'text' };
import deleteText from '../sql/optimized/delete.sql' with { type: 'text' };
import updateText from '../sql/optimized/update.sql' with { type: 'text' };
import type { Lexemes } from './lexemes.ts';
import { statements } from './list.ts';
import { contradictory } from './ranges.ts';
import type { Window } from './statement.ts';
import * as statement from './statements.ts';
import type { Statistics } from './statistics.ts';

/**
 * Statements are planned once and not again for each value: that takes longer than to run them. No plan depends on
 * how many rows the planner thinks a value has; list.ts has chosen by then (test/plans.test.ts).
 */
export const connectionSettings = {
  plan_cache_mode: 'force_generic_plan',
  // Starting workers takes ten times as long as what they would share.
  max_parallel_workers_per_gather: '0',
};

/** Rows of a page in the order they were read. */
export interface Rows {
  /** how many */
  rows: number;
  /** the customers' JSON texts, joined by commas */
  bodies: string;
  /** of each, where the list is by relevance */
  ranks: string[];
  /** what the first statement has seen; later ones have seen more */
  snapshot: string;
}

interface PageRow {
  rows: number;
  bodies: string | null;
  ranks?: string | null;
  /** there are values that the statement did not know of: what it found may not be all */
  unseen: boolean;
  snapshot: string;
}

/** What is known of the data, and how to learn what is new. */
export interface Knowledge {
  current(): Statistics;
  catchUp(): Promise<unknown>;
  /** what PostgreSQL makes of the words of a search */
  parse(run: Run, search: Search | null): Promise<Lexemes>;
}

// New values come with every write in the worst case; what asks the database for them never comes too late.
const mostAttempts = 2;

/** What `attempt` answers; it is asked again, knowing more, where it says null: there are values it does not know of. */
async function knowing<T>(
  run: Run,
  { search }: ListRequest,
  known: Knowledge,
  attempt: (statistics: Statistics) => Promise<T | null>,
) {
  const lexemes = await known.parse(run, search);
  for (let made = 0; made < mostAttempts; made++) {
    const answer = await attempt({ ...known.current(), lexemes });
    if (answer !== null) return answer;
    await known.catchUp();
  }
  return (await attempt({ ...known.current(), lexemes, seen: null }))!;
}

/** The rows of a page. */
export const list = (run: Run, request: ListRequest, window: Window, known: Knowledge): Promise<Rows> =>
  knowing(run, request, known, (statistics) => attemptList(run, request, window, statistics));

async function attemptList(
  run: Run,
  request: ListRequest,
  window: Window,
  statistics: Statistics,
): Promise<Rows | null> {
  let snapshot: string | null = null;
  for (const { text, parameters, prepare, final } of statements(request, window, statistics)) {
    const [row] = await run<PageRow>(text, parameters, { prepare });
    const { rows, bodies, ranks, unseen } = row!;
    if (unseen) return null;
    snapshot ??= row!.snapshot;
    if (rows === window.rows || final) {
      return { rows, bodies: bodies ?? '', ranks: ranks?.split(' ') ?? [], snapshot };
    }
  }
  throw new Error('the last statement of a list is final');
}

/** How many customers match: counted, as the planner guesses, or not at all. */
export async function count(run: Run, request: ListRequest, known: Knowledge): Promise<number | null> {
  if (request.count === 'none') return null;
  if (contradictory(request.filters)) return 0;
  if (request.count === 'estimated') return estimate(run, request, known);
  return knowing(run, request, known, async (statistics) => {
    const { text, parameters } = statement.count(request, statistics);
    const [row] = await run<{ count: number; unseen: boolean }>(text, parameters, { prepare: false });
    return row!.unseen ? null : row!.count;
  });
}

async function estimate(run: Run, request: ListRequest, known: Knowledge): Promise<number> {
  const lexemes = await known.parse(run, request.search);
  const { text, parameters } = statement.count(request, { ...known.current(), lexemes, seen: null });
  const explained = `explain (format json) ${text.replace('select count(*) as count, false as unseen', 'select')}`;
  const [row] = await run<{ 'QUERY PLAN': string }>(explained, parameters, { prepare: false });
  return JSON.parse(row!['QUERY PLAN'])[0].Plan['Plan Rows'];
}

/** One customer's JSON text, null where there is none of this id, and what the statement has seen. */
export const find = async (run: Run, id: string): Promise<{ body: string | null; snapshot: string }> =>
  (await run<{ body: string | null; snapshot: string }>(customerText, [id]))[0]!;

/** Creates a customer with its parts; answers its id, and what was changed. */
export async function create(run: Run, { address, relationship, ...customer }: NewCustomer) {
  const [row] = await run<{ id: number; changes: string }>(createText, [
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
  return { id: String(row!.id), changes: row!.changes };
}

/** Applies a merge patch; answers what was changed, null where there is no such customer. Throws a 422 for an address left incomplete. */
export async function update(run: Run, id: string, patch: CustomerPatch): Promise<string | null> {
  const [row] = await run<{ is_there: boolean; missing: string[]; changes: string }>(updateText, [
    id,
    JSON.stringify(patch),
  ]);
  if (row!.missing.length > 0) throw incompleteAddress(row!.missing);
  return row!.is_there ? row!.changes : null;
}

/** Deletes a customer with its parts; answers what was changed, null where there is none. */
export async function remove(run: Run, id: string): Promise<string | null> {
  const [row] = await run<{ is_there: boolean; changes: string }>(deleteText, [id]);
  return row!.is_there ? row!.changes : null;
}
