import type { ListRequest } from '../../contract/list.ts';
import type { Run } from '../../server/database.ts';
import { type Condition, conditions, type Known } from './conditions.ts';
import { reading } from './keyset.ts';
import type { Listing, Order } from './listing.ts';
import { findable, type Path, type paths } from './paths.ts';
import type { Values } from './rows.ts';
import { outlook, type Sample, survey } from './sample.ts';
import type { Page, Statement, Window } from './statements.ts';
import * as statements from './statements.ts';

// From a list request to its rows: the conditions, what a sample of rows says of them, the access path that follows from
// this, its statement.

/**
 * Statements are planned once and not again for each value: that takes longer than to run them. No plan depends on
 * how many rows the planner thinks a value has; paths.ts has chosen by then (test/plans.test.ts).
 */
export const connectionSettings = {
  plan_cache_mode: 'force_generic_plan',
  // Starting workers takes ten times as long as what they would share.
  max_parallel_workers_per_gather: '0',
};

/** What lists are read with. */
export interface Reader extends Known {
  listing: Listing;
  sample(): Sample;
  /** the JSON text of a row */
  render(values: Values): string;
  /** which access paths a page takes; a test takes each in turn */
  choose: typeof paths;
}

/** Rows in the order in which they were read. */
export interface Rows {
  rows: number;
  /** the rows as JSON, joined by commas */
  bodies: string;
  /** of each, where the list is by relevance */
  ranks: string[];
  /** what the first statement has seen; later ones have seen more */
  snapshot: string;
  /** the access paths taken, the last of which filled the page */
  path: string;
}

interface PageRow {
  rows: number;
  bodies: string | null;
  ranks?: string | null;
  snapshot: string;
}

// Of texts with more conditions there are too many to keep prepared.
const mostPrepared = 2;

/** The rows of a page. */
export async function readRows(
  run: Run,
  reader: Reader,
  request: ListRequest,
  window: Window,
): Promise<Rows> {
  let snapshot: string | null = null;
  const taken: string[] = [];
  const prepare = Object.keys(request.filters).length + Number(request.search !== null) <= mostPrepared;
  for (const { path, text, parameters, final } of plan(reader, request, window)) {
    const [row] = await run<PageRow>(text, parameters, { prepare });
    const { rows, bodies, ranks } = row!;
    snapshot ??= row!.snapshot;
    taken.push(path);
    if (rows === window.rows || final)
      return { rows, bodies: bodies ?? '', ranks: ranks?.split(' ') ?? [], snapshot, path: taken.join('+') };
  }
  throw new Error('the last statement of a list is final');
}

const byRelevance: Pick<Order, 'name'> & { columns: { name: string; type: 'real' }[] } = {
  name: 'relevance',
  columns: [{ name: 'rank', type: 'real' }],
};

/** The statements to ask one after the other, until one fills the page. */
export function* plan(reader: Reader, request: ListRequest, window: Window): Generator<Statement> {
  const { listing } = reader;
  const { position } = window;
  const order = listing.orders[request.sort];
  const all = conditions(reader, request);
  const seen = survey(reader.sample(), listing, request);
  const read = reading(order ?? (byRelevance as unknown as Order), request.descending, position);
  const base = { known: reader, request, window, read, conditions: all };
  if (!order) {
    yield statements.rank(
      { ...base, order: byRelevance as unknown as Order, bounds: [] },
      findable(all, seen),
    );
    return;
  }
  const bounds = statements.boundsOf(all, order, seen);
  const parameters = bounds.flatMap((bound) => bound.parameters);
  const ahead = outlook(seen, order, parameters, {
    ...{ from: position, backwards: read.backwards, descending: request.descending },
  });
  const page: Page = { ...base, order, bounds };
  const task = {
    conditions: all.filter((condition) => !bounds.includes(condition)),
    seen,
    ahead,
    wanted: window.rows + window.skip,
    clustered: request.sort === listing.sortedBy,
  };
  for (const path of reader.choose(task)) yield statementOf(page, path, ahead.skipped);
}

function statementOf(
  page: Page,
  path: Path,
  skipped: { key: (string | number | null)[]; id: number } | null,
): Statement {
  if (path.name === 'walk') return statements.walk(page, path.budget);
  if (path.name === 'collect') return statements.collect(page, path.found, path.byBucket);
  const place =
    path.skips && skipped ? { ...skipped, backwards: page.read.backwards, inclusive: false } : null;
  return statements.scan(page, place, path.budget);
}

/** How many rows match: counted, estimated, or not at all. */
export async function count(run: Run, reader: Reader, request: ListRequest): Promise<number | null> {
  if (request.count === 'none') return null;
  const sample = reader.sample();
  const seen = survey(sample, reader.listing, request);
  const matching = seen.mask().reduce((sum, one) => sum + one, 0);
  // Where the sample has few, they are few enough to be counted.
  if (request.count === 'estimated' && matching >= leastEstimated && sample.rows.length < sample.total)
    return Math.round((matching * sample.total) / sample.rows.length);
  const all: Condition[] = conditions(reader, request);
  const { text, parameters } = statements.count(reader, all, findable(all, seen));
  const [row] = await run<{ count: number }>(text, parameters, { prepare: false });
  return row!.count;
}

const leastEstimated = 16;
