import type { ListRequest } from '../../contract/list.ts';
import type { Parameter } from '../../server/database.ts';
import collectText from '../../sql/listing/collect.sql' with { type: 'text' };
import countText from '../../sql/listing/count.sql' with { type: 'text' };
import rankText from '../../sql/listing/rank.sql' with { type: 'text' };
import scanText from '../../sql/listing/scan.sql' with { type: 'text' };
import walkText from '../../sql/listing/walk.sql' with { type: 'text' };
import walkKeysText from '../../sql/listing/walk_keys.sql' with { type: 'text' };
import {
  bucketOf,
  type Condition,
  findEverywhere,
  findings,
  type Known,
  lastBucket,
  type Places,
  tests,
  within,
} from './conditions.ts';
import type { Position } from './cursor.ts';
import { afterPosition, beyond, parts, type Reading, sortOrder, walkOrder } from './keyset.ts';
import type { Column, Listing, Order } from './listing.ts';
import { type Collect, endless, type Narrowed, type Walk } from './paths.ts';
import { all, type Bind, binder, columnName, joined, name, type Sql, sql, template } from './sql.ts';

// Makes each access path a statement, as the planner makes a Path a Plan: a template of src/sql/listing, filled in.

/** A statement that returns the number of `rows`, their `bodies` joined by commas, and whether it was `complete`. */
export interface Statement {
  path: string;
  text: Sql;
  parameters: Parameter[];
  /** if it was complete, too few rows mean that there are no more */
  final: boolean;
  /** expected µs, set if that is long */
  cost?: number;
}

/** The rows that a page reads: how many, after how many skipped, from which position. */
export interface Window {
  rows: number;
  skip: number;
  position: Position | null;
}

/** What the statement of a page is built from. */
export interface Page {
  known: Known;
  request: ListRequest;
  window: Window;
  order: Order;
  read: Reading;
  /** all conditions, those that bound the index scan of the order, and those that the zone map narrows */
  conditions: readonly Condition[];
  bounds: readonly Condition[];
  zones: readonly Condition[];
}

const walkMarks = [
  ...(['row', 'list', 'segments', 'first', 'first_rows', 'second', 'second_rows'] as const),
  ...(['walk_order', 'tests'] as const),
] as const;
const walkTemplate = template(walkText, ...walkMarks);
const walkKeysTemplate = template(walkKeysText, ...walkMarks, 'keys', 'key_tests', 'key_limit', 'limit');
const collectTemplate = template(
  collectText,
  ...(['row', 'list', 'in_time', 'places', 'find', 'tests', 'order', 'sorted'] as const),
);
const scanTemplate = template(scanText, 'row', 'list', 'segments', 'within', 'tests', 'order');
const rankTemplate = template(
  rankText,
  ...(['row', 'list', 'places', 'find', 'unranked', 'tests', 'from', 'order'] as const),
);
const countTemplate = template(countText, 'list', 'places', 'find', 'tests');

const frame = ({ known: { listing } }: Page) => ({ row: listing.row, list: name(listing.table) });
const begun = ({ window }: Page): Parameter[] => [window.rows, window.skip];

/** The parts of the index to walk, with their bounds, and the most rows of each. A missing part is empty. */
function walked(page: Page, { budget, reachesNulls = false }: Walk, bind: Bind) {
  const { read, bounds, conditions, order, window } = page;
  const [first] = order.columns;
  const isEmpty = (nulls: boolean) =>
    bounds.some((bound) => nulls !== (bound.present?.is === false)) ||
    (nulls && conditions.some(({ tested, present }) => tested === first && present?.is !== false));
  // Bound, or each budget would be another text to plan. With `limit all` the planner chooses other plans.
  const rows = budget === null ? sql`$1::bigint + $2::bigint` : bind(budget, 'bigint');
  // If the budget may end the first part, the second must not begin.
  const left = parts(read, window.position)
    .filter(({ nulls }) => !isEmpty(nulls))
    .slice(0, budget === null || reachesNulls ? 2 : 1);
  // Nulls lie in no segment, so the zone map is not used for a page that begins with them.
  const zones = segmentsOfOrder(left[0]?.nulls === false ? page : { ...page, zones: [] }, bind);
  const [one, two] = left.map(({ nulls, predicate }) => ({
    where: all([
      predicate(bind),
      ...bounds.map((bound) => boundOf(bound, order.columns, bind)),
      ...(nulls ? [] : zones.within),
    ]),
    rows: reachesNulls && !nulls ? sql`$1::bigint + ${endless}` : rows,
  }));
  return {
    ...{ segments: zones.segments, first: one?.where ?? sql`false`, first_rows: one?.rows ?? rows },
    ...{ second: two?.where ?? sql`false`, second_rows: rows, walk_order: walkOrder(read) },
  };
}

/** Where the rows of a page or scan lie: `segment.low` to `segment.high` of a column, read one segment after the other. */
interface Segments {
  segments: Sql;
  within: Sql[];
}

/** The segments of a column that the zone map leaves for the rows of all these conditions; all of it if there are none. */
function segmentsOf(
  { table }: Listing,
  { name: called, type }: Column,
  zones: readonly Condition[],
  descending: boolean,
  bind: Bind,
): Segments {
  if (zones.length === 0) return { segments: sql`(select) segment`, within: [] };
  const [column, list] = [columnName(called), name(table)];
  const spans = zones.map(
    (zone) =>
      sql`(select range_agg(${column}) from ${name(`${table}_zone`)} where tag = any(${zone.zones!.tags(bind)}))`,
  );
  // A range of integers excludes its upper bound, which may be one more than the greatest integer.
  const upper = type === 'integer' ? sql`least(2147483647, upper(span))::integer` : sql`upper(span)`;
  const lower = type === 'integer' ? sql`lower(span)::integer` : sql`lower(span)`;
  const segments = sql`(
    select coalesce(${lower}, (select min(${column}) from ${list})) as low,
      coalesce(${upper}, (select max(${column}) from ${list})) as high
    from unnest(${spans.reduce((one, other) => sql`${one} * ${other}`)}) span
    order by span ${descending ? sql`desc` : sql`asc`}
  ) segment`;
  return { segments, within: [sql`${column} between segment.low and segment.high`] };
}

/** The segments of the order's first column. */
const segmentsOfOrder = ({ known, order, zones, read }: Page, bind: Bind): Segments =>
  segmentsOf(known.listing, order.columns[0]!, zones, read.descending, bind);

function boundOf({ range, present, values }: Condition, [first]: Order['columns'], bind: Bind): Sql {
  if (present)
    return present.is ? sql`${columnName(first!.name)} is not null` : sql`${columnName(first!.name)} is null`;
  if (range) return within(range, columnName(range.column.name), bind);
  return sql`${columnName(values!.column.name)} = any(${values!.list(bind)})`;
}

/** Walks the index of the list's order, to its end or for at most `budget` rows. */
export function walk(page: Page, path: Walk): Statement {
  const parameters = begun(page);
  const bind = binder(parameters);
  const others = page.conditions.filter((condition) => !page.bounds.includes(condition));
  const parts = { ...frame(page), ...walked(page, path, bind) };
  const text = path.keys
    ? walkKeysTemplate({ ...parts, ...testedKeys(page, others, path.keys, bind) })
    : walkTemplate({ ...parts, tests: tests(others, bind) });
  const isFinal = path.budget === null || path.budget === endless;
  return { path: path.keys ? 'keys' : 'walk', text, parameters, final: isFinal };
}

/** The tests on keys and on rows. Rows are skipped where the last test is. */
function testedKeys({ order }: Page, others: Condition[], keys: readonly Condition[], bind: Bind) {
  const rest = others.filter((condition) => !keys.includes(condition));
  const [pageOnly, none] = [sql`limit $1::bigint offset $2::bigint`, sql``];
  return {
    keys: joined([sql`id`, ...order.columns.map((column) => columnName(column.name))], ', '),
    ...{ key_tests: tests(keys, bind), tests: tests(rest, bind) },
    ...(rest.length === 0 ? { key_limit: pageOnly, limit: none } : { key_limit: none, limit: pageOnly }),
  };
}

/**
 * Finds rows by the index conditions `found`, everywhere or bucket by bucket of the order: at most `budget` buckets, none of which is
 * begun after `limit`.
 */
export function collect(page: Page, { found, byBucket, budget, limit }: Collect): Statement {
  const { known, read, window, conditions } = page;
  const parameters = begun(page);
  const bind = binder(parameters);
  const inTime =
    byBucket && limit !== undefined
      ? sql`clock_timestamp() < statement_timestamp() + ${bind(Math.ceil(limit / 1000), 'integer')} * interval '1 millisecond'`
      : sql`true`;
  const { within, ...places } = byBucket
    ? findByBucket(page, found, { budget, inTime }, bind)
    : findEverywhere(known.listing, found, bind);
  const text = collectTemplate({
    ...frame(page),
    ...places,
    in_time: inTime,
    tests: all([...within, tests(conditions, bind), ...afterPosition(read, window.position, bind)]),
    order: sortOrder(read),
    sorted: byBucket ? sql`` : sql`order by ${sortOrder(read)}`,
  });
  return { path: byBucket ? 'buckets' : 'collect', text, parameters, final: budget === null };
}

/** The most buckets to look up, and whether there is time for another. */
interface Bounded {
  budget: number | null;
  inTime: Sql;
}

const findByBucket = (page: Page, found: Condition[], bounded: Bounded, bind: Bind): Places => {
  const tag = sql`${page.order.number * 1000} + place.bucket`;
  const places = buckets(page, bounded, bind);
  return { places, find: findings(page.known.listing, found, [tag], bind), within: [] };
};

// Buckets of values are numbered 0 to 255; those of nulls follow. In descending order each of the two groups counts down, and
// nulls still come last. `step` is the distance of a bucket from the beginning of the list.
function buckets(page: Page, { budget, inTime }: Bounded, bind: Bind): Sql {
  const { known, order, read, window, bounds, request } = page;
  const { table } = known.listing;
  const last = lastBucket(table, order.columns[0]!);
  const step = (bucket: Sql) =>
    request.descending
      ? sql`(case when ${bucket} < 256 then 255 - ${bucket} else 256 + ${last} - ${bucket} end)`
      : bucket;
  const bucketAt = (place: Pick<Position, 'key' | 'id'>) => {
    const keys = order.columns.map(({ type }, i) => bind(place.key[i] ?? null, type));
    return sql`${name(`${table}_bucket_${order.name}`)}(${joined([...keys, bind(place.id, 'bigint')], ', ')})`;
  };
  const at = window.position ? step(bucketAt(window.position)) : null;
  const [first, final] = read.backwards ? [at ?? last, sql`0`] : [at ?? sql`0`, last];
  const [from, to] = stepsOf(bounds, (value, id) => step(bucketAt({ key: [value], id })), request.descending);
  const least = from
    ? sql`greatest(${read.backwards ? final : first}, ${from})`
    : read.backwards
      ? final
      : first;
  const greatest = to ? sql`least(${read.backwards ? first : final}, ${to})` : read.backwards ? first : final;
  const series = read.backwards ? sql`${greatest}, ${least}, -1` : sql`${least}, ${greatest}`;
  const within = [
    inTime,
    ...valuesWithin(bounds, sql`step.bucket`, bind, table),
    ...bucketsFromZones(page, sql`step.bucket`, bind),
  ];
  return sql`(
    select step.bucket
    from (select ${step(sql`step`)} as bucket from generate_series(${series}) step) step
    where ${all(within)}
    ${budget === null ? sql`` : sql`limit ${bind(budget, 'bigint')}`}
  ) place`;
}

/** A bucket of values overlaps a segment from the zone map. */
const bucketsFromZones = (page: Page, bucket: Sql, bind: Bind): Sql[] => {
  if (page.zones.length === 0) return [];
  const { table } = page.known.listing;
  const of = (value: Sql, within: number) => bucketOf(table, page.order.columns[0]!, value, within);
  const { segments } = segmentsOfOrder(page, bind);
  return [
    sql`${bucket} >= 256 or ${bucket} = any(array(
      select generate_series(${of(sql`segment.low`, 0)}, ${of(sql`segment.high`, 255)}) from ${segments}))`,
  ];
};

/** A bucket holds one of the values that a bound requires of the order's first column; no test without such a bound. */
const valuesWithin = (bounds: readonly Condition[], bucket: Sql, bind: Bind, table: string): Sql[] =>
  bounds.flatMap(({ values }) => {
    if (!values) return [];
    const quantile = name(`${table}_quantile_${values.column.name}`);
    return [
      sql`${bucket} = any(array(
        select generate_series(${quantile}(value, 0), ${quantile}(value, 255)) from unnest(${values.list(bind)}) value))`,
    ];
  });

/** The first and last step within the bounds of the order's own column, null if open; the steps of nulls begin at 256. */
function stepsOf(
  bounds: readonly Condition[],
  stepOf: (value: string | number, id: number) => Sql,
  descending: boolean,
): [from: Sql | null, to: Sql | null] {
  if (bounds.length === 0) return [null, null];
  if (bounds.some(({ present }) => present?.is === false)) return [sql`256`, null];
  const range = bounds.find((bound) => bound.range)?.range;
  if (!range) return [null, sql`255`];
  const low = range.from === null ? sql`${descending ? 255 : 0}` : stepOf(range.from, 0);
  const high = range.to === null ? sql`${descending ? 0 : 255}` : stepOf(range.to, Number.MAX_SAFE_INTEGER);
  return descending ? [high, low] : [low, high];
}

/** Tests every row of the table, or those of a range, narrowed by the zone map for another condition. */
export function scan(page: Page, narrowed: Narrowed | null): Statement {
  const { known, read, window, conditions, order } = page;
  const parameters = begun(page);
  const bind = binder(parameters);
  const column = narrowed?.range.column ?? order.columns[0]!;
  const zones = segmentsOf(known.listing, column, narrowed?.by ? [narrowed.by] : [], false, bind);
  const range = narrowed ? [within(narrowed.range, columnName(column.name), bind)] : [];
  const text = scanTemplate({
    ...frame(page),
    segments: zones.segments,
    within: all([...range, ...zones.within]),
    tests: all([tests(conditions, bind), ...afterPosition(read, window.position, bind)]),
    order: sortOrder(read),
  });
  return { path: 'scan', text, parameters, final: true };
}

/** Ranks and sorts every match of a search. Matches that fail `ranked` have a rank of 0; a walk by id adds the first of them. */
export function rank(page: Page, found: Condition[], ranked: Condition | null): Statement {
  const { known, request, window, conditions, read } = page;
  const parameters: Parameter[] = [window.rows, window.skip, request.search!.text];
  const bind = binder(parameters);
  const { within, ...places } = findEverywhere(known.listing, found, bind);
  const text = rankTemplate({
    row: known.listing.row,
    list: name(known.listing.table),
    ...places,
    unranked: ranked ? sql`union all (${unranked(page, ranked, bind)})` : sql``,
    tests: all([...within, tests(conditions, bind)]),
    from: all(afterPosition(read, window.position, bind)),
    order: sortOrder(read),
  });
  return { path: 'rank', text, parameters, final: true };
}

/** Whether a page of a list by relevance begins among the rows with a rank of 0. */
export const isUnranked = (position: Position | null): position is Position =>
  position !== null && Number(position.key[0]) === 0;

function unranked({ known, conditions, read, window }: Page, ranked: Condition, bind: Bind): Sql {
  const byId = { ...read, columns: [] };
  const { position } = window;
  const from = isUnranked(position) ? [beyond(byId, position, bind)] : [];
  const where = all([...from, sql`not ${ranked.test(bind)}`, tests(conditions, bind)]);
  return sql`select * from ${name(known.listing.table)} where ${where} order by ${walkOrder(byId)} limit $1::bigint + $2::bigint`;
}

/** Counts the matches. */
export function count({ listing }: Known, conditions: readonly Condition[], found: Condition[]): Statement {
  const parameters: Parameter[] = [];
  const bind = binder(parameters);
  const { within, ...places } = findEverywhere(listing, found, bind);
  const text = countTemplate({
    list: name(listing.table),
    ...places,
    tests: all([...within, tests(conditions, bind)]),
  });
  return { path: 'count', text, parameters, final: true };
}
