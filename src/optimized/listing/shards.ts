import type { Parameter, Run } from '../../server/database.ts';
import countText from '../../sql/citus/count.sql' with { type: 'text' };
import pageText from '../../sql/citus/page.sql' with { type: 'text' };
import rowText from '../../sql/citus/row.sql' with { type: 'text' };
import { type Condition, tests } from './conditions.ts';
import { cut, type Tokens } from './json.ts';
import { afterPosition, parts, sortOrder, walkOrder } from './keyset.ts';
import type { Listing } from './listing.ts';
import type { Rows } from './read.ts';
import { all, type Bind, binder, joined, name, type Sql, sql, template } from './sql.ts';
import type { Page, Statement } from './statements.ts';

// Reads lists of a listing that Citus distributes. No access path is chosen here: a statement of one level goes to every shard, whose
// planner chooses a plan for the actual values. The statistics of each shard show how frequent words and grams are.

/** Replaces the settings for one server: Citus plans a statement when it has the values. */
export const distributedSettings = { plan_cache_mode: 'auto', max_parallel_workers_per_gather: '0' };

const pageTemplate = template(pageText, 'row', 'rank', 'list', 'tests', 'order');
const countTemplate = template(countText, 'list', 'tests');
const rowTemplate = template(rowText, 'list', 'row');

interface ShardRow {
  body: string;
  rank: number | null;
}

/**
 * Reads the rows of a page. Its order is read in up to two parts, the rows with a value and those with a null, so that each begins with
 * one search in a shard's B-tree.
 */
export async function readShards(run: Run, page: Page): Promise<Rows> {
  const { rows: wanted } = page.window;
  const read: ShardRow[] = [];
  for (const { text, parameters } of statements(page)) {
    read.push(...(await run<ShardRow>(text, parameters, { prepare: false, path: 'shards' })));
    if (read.length >= wanted) break;
  }
  const rows = read.slice(0, wanted);
  return {
    rows: rows.length,
    bodies: rows.map(({ body }) => body).join(','),
    ranks: rows.flatMap(({ rank }) => (rank === null ? [] : [`${rank}`])),
    // Each shard reads in a snapshot of its own, so nothing can be cached.
    snapshot: '',
    path: 'shards',
  };
}

function* statements(page: Page): Generator<{ text: Sql; parameters: Parameter[] }> {
  const { known, read, window, order } = page;
  const { listing } = known;
  const byRank = !Object.hasOwn(listing.orders, order.name);
  const list = name(listing.table);
  const statement = (place: (bind: Bind) => Sql[], sorted: Sql) => {
    const parameters: Parameter[] = [window.rows, window.skip];
    const bind = binder(parameters);
    const rank = (query: Sql) => sql`ts_rank(document, websearch_to_tsquery('simple', ${query}))`;
    return {
      text: pageTemplate({
        row: listing.row,
        rank: byRank ? sql`page.listing_rank` : sql`null::real`,
        list: byRank
          ? sql`(select listed.*, ${rank(bind(page.request.search!.text, 'text'))} as listing_rank from ${list} listed)`
          : list,
        tests: all([...place(bind), testsOf(page.conditions, bind)]),
        order: sorted,
      }),
      parameters,
    };
  };
  // The offset of a numbered page counts the rows of both parts.
  if (byRank || window.skip > 0)
    return yield statement((bind) => afterPosition(read, window.position, bind), sortOrder(read));
  for (const { predicate } of parts(read, window.position))
    yield statement((bind) => [predicate(bind)], walkOrder(read));
}

/** The test of each condition, and the index conditions by which a shard's inverted index finds words and substrings. */
function testsOf(conditions: readonly Condition[], bind: Bind): Sql {
  const found = conditions.flatMap(({ find, inBuckets }) => {
    // Only the inverted index of a single server has tags and buckets.
    if (!find || inBuckets || find(binder([])).some(({ tags }) => tags)) return [];
    const arms = find(bind).map(({ queries = [], rest = [] }) =>
      all([...(queries.length > 0 ? [sql`document @@ (${conjunction(queries)})`] : []), ...rest]),
    );
    return [joined(arms, ' or ')];
  });
  return all([tests(conditions, bind), ...found]);
}

/** The conjunction of queries. */
const conjunction = (queries: readonly Sql[]): Sql => queries.reduce((one, other) => sql`${one} && ${other}`);

/** Counts the matches. */
export function countShards({ known: { listing }, conditions }: Page): Statement {
  const parameters: Parameter[] = [];
  const bind = binder(parameters);
  const text = countTemplate({ list: name(listing.table), tests: testsOf(conditions, bind) });
  return { path: 'count', text, parameters, final: true };
}

/** Reads one row; null if there is none with this id. */
export async function readShardRow(run: Run, listing: Listing, id: string): Promise<Tokens | null> {
  const [row] = await run<{ body: string }>(rowTemplate({ list: name(listing.table), row: listing.row }), [
    id,
  ]);
  return row ? cut(row.body)[0]! : null;
}
