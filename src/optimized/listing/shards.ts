import type { Parameter, Run } from '../../server/database.ts';
import countText from '../../sql/citus/count.sql' with { type: 'text' };
import pageText from '../../sql/citus/page.sql' with { type: 'text' };
import rowText from '../../sql/citus/row.sql' with { type: 'text' };
import { type Condition, tests } from './conditions.ts';
import { afterPosition, parts, sortOrder, walkOrder } from './keyset.ts';
import type { Listing, Row } from './listing.ts';
import type { Rows } from './read.ts';
import { all, type Bind, binder, joined, name, type Sql, sql, template } from './sql.ts';
import { type Page, rowOf, type Statement } from './statements.ts';

// Lists of a listing that Citus distributes. No access path is chosen here: a statement of one level goes to every shard, where
// the planner chooses for the values at hand. It knows how frequent words and grams are from the statistics of each shard.

/** In the place of those of one server: Citus plans a statement when it has the values. */
export const distributedSettings = { plan_cache_mode: 'auto', max_parallel_workers_per_gather: '0' };

const pageTemplate = template(pageText, 'row', 'rank', 'list', 'tests', 'order');
const countTemplate = template(countText, 'list', 'tests');
const rowTemplate = template(rowText, 'list', 'row');

interface ShardRow {
  body: string;
  rank: number | null;
}

/**
 * The rows of a page. Its order is read in up to two parts, the rows with a value and those without, so that each begins by one
 * search in the B-tree of a shard.
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
    // Each shard answers by a snapshot of its own, so that nothing can be cached.
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
        row: rowOf(listing),
        rank: byRank ? sql`page.rank` : sql`null::real`,
        list: byRank
          ? sql`(select listed.*, ${rank(bind(page.request.search!.text, 'text'))} as rank from ${list} listed)`
          : list,
        tests: all([...place(bind), testsOf(page.conditions, bind)]),
        order: sorted,
      }),
      parameters,
    };
  };
  // A page by its number is counted off over both parts.
  if (byRank || window.skip > 0)
    return yield statement((bind) => afterPosition(read, window.position, bind), sortOrder(read));
  for (const { predicate } of parts(read, window.position))
    yield statement((bind) => [predicate(bind)], walkOrder(read));
}

/** The test of each condition, and beside it what the inverted index of a shard finds the words and parts of texts by. */
function testsOf(conditions: readonly Condition[], bind: Bind): Sql {
  const found = conditions.flatMap(({ find, inBuckets }) => {
    // Tags and buckets are in the index of one server alone.
    if (!find || inBuckets || find(binder([])).some(({ tags }) => tags)) return [];
    const arms = find(bind).map(({ queries = [], rest = [] }) =>
      all([...(queries.length > 0 ? [sql`document @@ (${conjunction(queries)})`] : []), ...rest]),
    );
    return [joined(arms, ' or ')];
  });
  return all([tests(conditions, bind), ...found]);
}

/** The query for what matches all of these. */
const conjunction = (queries: readonly Sql[]): Sql => queries.reduce((one, other) => sql`${one} && ${other}`);

/** Counts the matches. */
export function countShards({ known: { listing }, conditions }: Page): Statement {
  const parameters: Parameter[] = [];
  const bind = binder(parameters);
  const text = countTemplate({ list: name(listing.table), tests: testsOf(conditions, bind) });
  return { path: 'count', text, parameters, final: true };
}

/** One row, null where there is none of this id. */
export async function readShardRow(run: Run, listing: Listing, id: string): Promise<Row | null> {
  const [row] = await run<{ body: string }>(rowTemplate({ list: name(listing.table), row: rowOf(listing) }), [
    id,
  ]);
  return row ? (JSON.parse(row.body) as Row) : null;
}
