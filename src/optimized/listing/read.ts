import type { ListRequest } from '../../contract/list.ts';
import type { Run } from '../../server/database.ts';
import type { Understood } from '../search/meaning.ts';
import { type Condition, conditions, type Known } from './conditions.ts';
import { collected, costs, ranking, walking } from './costs.ts';
import type { Tokens } from './json.ts';
import { reading } from './keyset.ts';
import type { Listing, Order } from './listing.ts';
import { type Outlook, outlook } from './outlook.ts';
import { cheapestWalk, type Path, type paths } from './paths.ts';
import { type Queue, short } from './queue.ts';
import { countShards, readShards } from './shards.ts';
import { sql } from './sql.ts';
import type { Page, Statement, Window } from './statements.ts';
import * as statements from './statements.ts';
import { type Survey, survey } from './survey.ts';

// Plans and runs a list request: builds its conditions, estimates their selectivity, chooses access paths, and runs their
// statements until the page is full.

/**
 * Forces generic plans: planning a statement for each value takes longer than running it. No plan depends on how many rows the
 * planner expects for a value, because paths.ts has chosen the access path by then (test/plans.test.ts).
 */
export const connectionSettings = {
  plan_cache_mode: 'force_generic_plan',
  // Starting workers takes ten times as long as the work that they would share.
  max_parallel_workers_per_gather: '0',
};

/** Everything that lists are read with. */
export interface Reader extends Known {
  listing: Listing;
  /** the JSON text of a row */
  render(row: Tokens): string;
  /** chooses the access paths of a page; a test forces each in turn */
  choose: typeof paths;
  /** for slow statements */
  queue: Queue;
  /** whether the text of a statement was run recently, so that it is worth preparing */
  repeats(text: string): boolean;
  /** Citus distributes the listing, and shards.ts reads it */
  distributed: boolean;
}

/** Rows in the order in which they were read. */
export interface Rows {
  rows: number;
  /** the rows as JSON, joined by commas */
  bodies: string;
  /** the rank of each row if the list is by relevance, else none */
  ranks: string[];
  /** the snapshot of the first statement; later ones see more */
  snapshot: string;
  /** the access paths taken, joined by `+`; the last one filled the page */
  path: string;
}

interface PageRow {
  rows: number;
  bodies: string | null;
  ranks?: string | null;
  snapshot: string;
  complete?: boolean;
}

/** Reads the rows of a page. */
export async function readRows(
  run: Run,
  reader: Reader,
  request: ListRequest,
  window: Window,
  known = estimate(reader, request, window),
): Promise<Rows> {
  if (reader.distributed) return readShards(run, known.page);
  let snapshot: string | null = null;
  const taken: string[] = [];
  for (const { path, text, parameters, final, cost } of plan(reader, request, window, known)) {
    const read = () => run<PageRow>(text, parameters, { prepare: reader.repeats(text), path });
    const expected = inQueue(known.seen, cost ?? 0);
    const [row] = await reader.queue(expected, 'add words or filters, or sort by another order', read);
    const { rows, bodies, ranks, complete = true } = row!;
    snapshot ??= row!.snapshot;
    taken.push(path);
    if (rows === window.rows || (final && complete))
      return { rows, bodies: bodies ?? '', ranks: ranks?.split(' ') ?? [], snapshot, path: taken.join('+') };
  }
  throw new Error('the last statement of a list is final');
}

/** The expected µs for the queue. Without a sample 0: a server that has just started refuses nothing, and reads an empty table. */
const inQueue = ({ sample }: Survey, cost: number) => (sample.rows.length > 0 ? cost : 0);

// No index has this order: a rank is computed for each search.
const rank = 'listing_rank';
const byRelevance: Order = {
  name: 'relevance',
  number: 0,
  columns: [{ name: rank, type: 'real', at: 0, nullWith: rank, partOf: rank }],
};

/** The order of the primary key, in which rows of the same rank follow each other. */
const byId: Order = { name: 'id', number: 0, columns: [] };

/** What is known of a list before its statements run. */
export interface Estimate {
  page: Page;
  seen: Survey;
  /** null if the list is by relevance */
  ahead: Outlook | null;
}

/** The conditions of a list, their selectivity, and where its page lies, by the sample. */
export function estimate(reader: Reader, request: ListRequest & Understood, window: Window): Estimate {
  const { position } = window;
  const { descending, sort } = request;
  const order = reader.listing.orders[sort] ?? byRelevance;
  const all = conditions(reader, request);
  const seen = survey(reader.sample(), reader.listing, request);
  const read = reading(order, descending, position);
  const page = { known: reader, request, window, read, conditions: all, order };
  if (order === byRelevance) return { page: { ...page, bounds: [], zones: [] }, seen, ahead: null };
  // A page at a cursor begins behind a match already, so the zone map is not used.
  const zoned = position ? [] : all.filter((one) => one.zones?.columns.includes(order.columns[0]!.name));
  const lookAhead = (bounds: readonly Condition[]) =>
    outlook(
      ...([seen, order] as const),
      { each: parametersOf(all), bounds: parametersOf(bounds).flat(), zoned: parametersOf(zoned) },
      { wanted: window.rows + window.skip, from: position, backwards: read.backwards, descending },
    );
  let bounds = all.filter((one) => isBoundOf(order, one));
  let ahead = lookAhead(bounds);
  const listed = all.find(({ values }) => values?.column.name === order.columns[0]!.name);
  if (
    listed &&
    costToList(listed, seen) < cheapestWalk(taskOf({ ...page, bounds }, seen), ahead.distance).cost
  ) {
    bounds = [...bounds, listed];
    ahead = lookAhead(bounds);
  }
  const zones = zoned.length > 0 && ahead.isFar ? zoned : [];
  return { page: { ...page, bounds, zones }, seen, ahead };
}

const parametersOf = (some: readonly Condition[]) => some.map(({ parameters }) => parameters);

/** Whether a condition alone bounds the index scan of an order: as a range or null test of its first column. */
const isBoundOf = ({ columns: [first] }: Order, { range, present }: Condition) =>
  range?.column.name === first!.name || present?.column.nullWith === first!.nullWith;

/** The cost to look up the values of a condition, which then bound the index scan of their column's order. */
const costToList = ({ parameters, values }: Condition, seen: Survey) =>
  costs.asked + seen.different(parameters, [values!.column]).likely * costs.lookedUp;

/** µs; a list by one of the orders is not queued if it is expected to take less: all lists together bound what they take. */
const long = 200_000;

/** The statements to run in turn until one fills the page. */
export function* plan(
  reader: Reader,
  request: ListRequest,
  window: Window,
  { page, seen, ahead } = estimate(reader, request, window),
): Generator<Statement> {
  if (ahead === null) return yield* planRanking(page, seen);
  for (const path of reader.choose({ ...taskOf(page, seen), ahead })) {
    const { cost = 0 } = path;
    yield { ...statementOf(page, path), cost: cost < long ? 0 : cost };
  }
}

/** What the access paths of a page are chosen by, without its outlook. */
function taskOf({ conditions, bounds, order, window }: Omit<Page, 'zones'>, seen: Survey) {
  const keys = conditions.filter(
    (one) => one.tested !== undefined && order.columns.includes(one.tested) && !bounds.includes(one),
  );
  return { conditions, bounds, keys, first: order.columns[0]!, seen, rows: window.rows };
}

/**
 * A list by relevance ranks every match. But for a single number most matches have a rank of 0, because they have it only as a
 * substring. Those that have it as a word are ranked alone; if they do not fill the page, a short walk by id adds the others.
 */
function* planRanking(page: Page, seen: Survey): Generator<Statement> {
  const { conditions, request, window, read } = page;
  const everything = planned(conditions, seen);
  const all = () => ({ ...statements.rank(page, everything.found, null), cost: everything.cost });
  const isOneWord = request.search?.kind === 'words' && new Set(request.search.words).size === 1;
  const number = isOneWord ? conditions.find(({ ranked }) => ranked) : undefined;
  if (!number?.ranked) return yield all();
  const word = number.ranked;
  const { position, rows, skip } = window;
  const isBehindRanked = statements.isUnranked(position) && read.descending;
  const others = conditions.filter((one) => one !== number);
  const first = isBehindRanked ? behindRanked : planned([word, ...others], seen);
  // If other conditions find fewer rows, all of those are ranked.
  if (!isBehindRanked && !first.found.includes(word)) return yield all();
  if (request.descending && read.descending && !isBehindRanked)
    yield { ...statements.rank(page, first.found, null), final: false, cost: first.cost };
  const walk = outlook(
    seen,
    byId,
    { each: parametersOf(conditions), bounds: [], zoned: [] },
    {
      ...{ wanted: rows + skip, from: statements.isUnranked(position) ? { key: [], id: position.id } : null },
      ...{ backwards: read.backwards, descending: request.descending },
    },
  );
  const cost = first.cost + walking(walk.distance, seen.sample);
  yield cost < everything.cost ? { ...statements.rank(page, first.found, word), cost } : all();
}

/** The index conditions by which the rows of all conditions are collected, and the cost to collect and rank them. */
function planned(some: readonly Condition[], seen: Survey): { found: Condition[]; cost: number } {
  const { found, cost } = collected(some, seen);
  const rows = seen.passing(some.flatMap(({ parameters }) => parameters));
  return { found, cost: cost + ranking(rows, seen.sample) };
}

const behindRanked: ReturnType<typeof planned> = {
  found: [{ parameters: [], test: () => sql`false`, find: () => [{ rest: [sql`false`] }] }],
  cost: 0,
};

function statementOf(page: Page, path: Path): Statement {
  if (path.name === 'walk') return statements.walk(page, path);
  if (path.name === 'collect') return statements.collect(page, path);
  return statements.scan(page, path.narrowed);
}

/**
 * The number of matches if it is known or estimated, null if no count was requested; else the statement that counts them.
 *
 * @throws Problem 503 if an exact count would take too long now
 */
export async function planCount(
  { distributed, queue }: Reader,
  request: ListRequest,
  { page, seen }: Estimate,
): Promise<number | null | Statement> {
  if (request.count === 'none') return null;
  if (page.conditions.some(({ never }) => never)) return 0;
  if (distributed) return countShards(page);
  const { found, ...collecting } = collected(page.conditions, seen);
  const { total, rows } = seen.sample;
  const cost = inQueue(seen, collecting.cost);
  const { count: matching } = seen.matches();
  // If the sample has few matches, they are few enough to be counted, if an index finds them.
  const isCounted = matching < leastEstimated && cost < short;
  if (request.count === 'estimated' && !isCounted && rows.length < total)
    return Math.round((matching * total) / rows.length);
  await queue.assertRoom(cost, countLess);
  return { ...statements.count(page.known, page.conditions, found), cost };
}

/** Runs what `planCount` has planned. Throws a Problem 503 if it would take too long now. */
export async function count(
  run: Run,
  { queue }: Reader,
  counting: number | null | Statement,
): Promise<number | null> {
  if (counting === null || typeof counting === 'number') return counting;
  const { text, parameters, path, cost = 0 } = counting;
  return queue(cost, countLess, async () => {
    const [row] = await run<{ count: number }>(text, parameters, { prepare: false, path });
    return row!.count;
  });
}

const countLess = 'ask for count=estimated or count=none';
const leastEstimated = 16;
