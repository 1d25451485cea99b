import type { ListRequest } from '../../contract/list.ts';
import type { Understood } from '../search/meaning.ts';
import { searchConditions } from '../search/words.ts';
import { gramsToAsk } from './grams.ts';
import { type Column, columnOf, isBound, type Listing } from './listing.ts';
import type { Sample } from './sample.ts';
import { all, type Bind, columnName, joined, literal, name, type Sql, sql } from './sql.ts';

// Translates the conditions of a list (restriction clauses) to SQL, each in up to two forms: a test of one row, and a lookup in
// the inverted index. The lookup is lossy: its rows are rechecked, so it may find too many, but never too few. Values are bound
// when a statement is built from a form, since PostgreSQL requires every parameter of a statement to be used.

export interface Condition {
  /** the request parameters that it comes from, named as in match.ts */
  parameters: string[];
  test: (bind: Bind) => Sql;
  /** the column that `test` reads, if it reads no other */
  tested?: Column;
  /** lookups in the inverted index, whose union has all rows that pass; null if the index cannot find them */
  find: ((bind: Bind) => Finding[]) | null;
  /** `find` returns more than one lookup */
  hasAlternatives?: boolean;
  /** each lookup merges the posting lists of all grams with a prefix */
  mergesPrefix?: boolean;
  /** `find` looks up buckets of an order, each of them an alternative */
  inBuckets?: boolean;
  /** a query with operators, which the inverted index evaluates for each row id of its words */
  isEvaluated?: boolean;
  /** the condition for those of its rows that have the word itself; all others have a rank of 0 */
  ranked?: Condition;
  /** no row passes */
  never?: boolean;
  /** the zone map has the ranges of its rows in the orders of these columns, by its tags */
  zones?: { columns: readonly string[]; tags: (bind: Bind) => Sql };
  /** the bounds of a column with an order of its own */
  range?: Range;
  /** the columns whose dictionary `find` searches: each value found is an alternative */
  lookedUp?: readonly Column[];
  /** the column that must have a value (`is`), or must be null */
  present?: { column: Column; is: boolean };
  /** the column that must have one of some values, the values, and their tags */
  values?: { column: Column; list: (bind: Bind) => Sql; tags: (bind: Bind) => Sql };
}

/** One lookup in the inverted index: the rows that match all queries, have all tags and pass all the rest. */
export interface Finding {
  queries?: Sql[];
  tags?: Sql[];
  rest?: Sql[];
}

export interface Range {
  column: Column;
  from: string | number | null;
  to: string | number | null;
  /** a sort begins with the column, so a B-tree does too */
  isSorted: boolean;
}

/** By column, whether substrings are found by dictionary values or by grams; measured when the listing was built. */
export type Matching = Readonly<Record<string, 'values' | 'grams'>>;

export interface Known {
  listing: Listing;
  matching: Matching;
  /** by column of the zone map, the columns whose orders it correlates with (src/sql/listing/schema/105_zones.sql) */
  zoned: Readonly<Record<string, readonly string[]>>;
  sample(): Sample;
}

/** `column` contains a text, case-insensitively. For `like` the planner would look for an index. */
export const contains = (column: Sql, part: Sql): Sql =>
  sql`strpos(lower(${column}), (select lower(${part}))) > 0`;

/** The array of `what` for each dictionary value of `columns` that contains `part`. */
const valuesWith = ({ table }: Listing, columns: readonly string[], part: Sql, what: Sql): Sql => {
  const lookups = columns.map(
    (column) => sql`
  select ${what} from ${name(`${table}_value`)}
  where column_name = ${literal(column)} and listing_grams(value) @@ listing_grams_query(${part}) and ${contains(sql`value`, part)}`,
  );
  return sql`array(${joined(lookups, ' union all ')})`;
};

/** Whether substrings of a column are found by its dictionary, and not by grams. */
export const hasDictionary = ({ matching }: Pick<Known, 'matching'>, column: string): boolean =>
  matching[column] !== 'grams';

/** The lookups for a substring in any of `columns`: one for all with a dictionary, and one for each other. */
export function findPart(known: Known, columns: readonly string[], part: string, bind: Bind): Finding[] {
  const { listing } = known;
  const listed = columns.filter((column) => hasDictionary(known, column));
  const tag = sql`listing_value_tag(column_name, value)`;
  const byGrams = columns
    .filter((column) => !hasDictionary(known, column))
    .map((column) => {
      const { at } = columnOf(listing, column);
      const sample = known.sample();
      const all = sample.column(at).values.length;
      const grams = gramsToAsk(part, (text, most) => sample.containing(at, text, most), all);
      return {
        rest: [sql`listing_grams(${columnName(column)}) @@ listing_grams_query(${bind(grams, 'text[]')})`],
      };
    });
  if (listed.length === 0) return byGrams;
  const values = valuesWith(listing, listed, bind(part, 'text'), tag);
  return [...byGrams, { rest: [sql`${listing.tags} && ${values}`] }];
}

function part(known: Known, parameter: string, column: string, value: string): Condition {
  const about = columnOf(known.listing, column);
  const listed = (what: Sql) => (bind: Bind) =>
    valuesWith(known.listing, [column], bind(value, 'text'), what);
  const tags = listed(sql`listing_value_tag(column_name, value)`);
  return {
    parameters: [parameter],
    tested: about,
    test: (bind) => contains(columnName(column), bind(value, 'text')),
    find: (bind) => findPart(known, [column], value, bind),
    ...(hasDictionary(known, column)
      ? {
          lookedUp: [about],
          values: { column: about, list: listed(sql`value`), tags },
          ...zonesOf(known, column, tags),
        }
      : { mergesPrefix: isPrefix(value) }),
  };
}

/** Whether a substring is shorter than a gram, and so a prefix of many. */
export const isPrefix = (value: string) => [...value].length < 4;

/** The `zones` of a condition, if the zone map has its column. */
const zonesOf = ({ zoned }: Known, column: string, tags: (bind: Bind) => Sql) =>
  zoned[column] ? { zones: { columns: zoned[column], tags } } : {};

function equal(known: Known, parameter: string, column: string, value: string): Condition {
  const tag = (bind: Bind) => sql`listing_value_tag(${literal(column)}, ${bind(value, 'text')})`;
  return {
    parameters: [parameter],
    tested: columnOf(known.listing, column),
    test: (bind) => sql`${columnName(column)} = ${bind(value, 'text')}`,
    find: (bind) => [{ tags: [tag(bind)] }],
    ...zonesOf(known, column, (bind) => sql`array[${tag(bind)}]`),
  };
}

// A null has the tag of a line feed. A column without tags has buckets of nulls, if it has an order.
function present({ listing, matching }: Known, parameter: string, column: string, is: boolean): Condition {
  const about = columnOf(listing, column);
  const condition: Condition = {
    parameters: [parameter],
    tested: about,
    present: { column: about, is },
    test: () => (is ? sql`${columnName(column)} is not null` : sql`${columnName(column)} is null`),
    find: null,
  };
  if (is) return condition;
  if (matching[column] === 'values') {
    const tag = sql`listing_value_tag(${literal(column)}, ${literal('\n')})`;
    return { ...condition, find: () => [{ tags: [tag] }] };
  }
  if (!orderOf(listing, about)) return condition;
  const tags = bucketTags(listing, about, sql`256`, lastBucket(listing.table, about));
  return { ...condition, inBuckets: true, find: () => [{ rest: [sql`${listing.tags} && ${tags}`] }] };
}

function ranges(known: Known, { filters }: Pick<ListRequest, 'filters'>): Condition[] {
  const { listing } = known;
  const asked = Object.keys(filters).filter((parameter) => isBound(listing.filters[parameter]!.operator));
  const byColumn = Map.groupBy(asked, (parameter) => listing.filters[parameter]!.column);
  return [...byColumn].map(([column, parameters]): Condition => {
    const bound = (operator: 'from' | 'to') => {
      const parameter = parameters.find((one) => listing.filters[one]!.operator === operator);
      const value = parameter === undefined ? null : (filters[parameter] as string | number);
      return typeof value === 'number' ? (operator === 'from' ? Math.ceil(value) : Math.floor(value)) : value;
    };
    const [from, to] = [bound('from'), bound('to')];
    if (isEmpty(from, to)) return { ...nothing, parameters };
    const isSorted = listing.sorts.some((sort) => listing.orders[sort]!.columns[0]!.name === column);
    const range = { column: columnOf(listing, column), from: fitting(from), to: fitting(to), isSorted };
    const tags = (bind: Bind) => bucketsWithin(listing, range, bind);
    return {
      parameters,
      range,
      inBuckets: true,
      tested: range.column,
      test: (bind) => within(range, columnName(column), bind),
      find: (bind) => [{ rest: [sql`${listing.tags} && ${tags(bind)}`] }],
      ...zonesOf(known, column, tags),
    };
  });
}

/** `expression`, the column of a range or an expression equal to it, lies within the bounds. */
export function within({ column, from, to }: Range, expression: Sql, bind: Bind): Sql {
  return all([
    ...(from === null ? [] : [sql`${expression} >= ${bind(from, column.type)}`]),
    ...(to === null ? [] : [sql`${expression} <= ${bind(to, column.type)}`]),
  ]);
}

/** The bucket of a value in the order of a column; `within` (0 to 255) selects one of those that the value fills. */
export const bucketOf = (table: string, { name: column }: Column, value: Sql, within: number): Sql =>
  sql`${name(`${table}_quantile_${column}`)}(${value}, ${within})`;

/** The last bucket of an order that begins with a column. Buckets of nulls follow those of values, which are 0 to 255. */
export const lastBucket = (table: string, { name: column }: Column): Sql =>
  sql`${name(`${table}_quantiles_${column}`)}() - 1`;

/** The order that consists of `column` alone. */
const orderOf = ({ orders }: Listing, column: Column) =>
  Object.values(orders).find(({ columns }) => columns.length === 1 && columns[0] === column);

/** The tags of the buckets `first` to `last` of a column that has an order of its own. */
const bucketTags = (listing: Listing, column: Column, first: Sql, last: Sql): Sql =>
  sql`array(select ${orderOf(listing, column)!.number * 1000} + bucket from generate_series(${first}, ${last}) bucket)`;

/** The tags of the buckets that a range overlaps. */
function bucketsWithin(listing: Listing, { column, from, to }: Range, bind: Bind): Sql {
  const bucket = (bound: string | number, within: number) =>
    bucketOf(listing.table, column, bind(bound, column.type), within);
  const first = from === null ? sql`0` : bucket(from, 0);
  const last = to === null ? sql`255` : bucket(to, 255);
  return bucketTags(listing, column, first, last);
}

/** The conditions of a request, all of which must hold. */
export function conditions(known: Known, request: Understood): Condition[] {
  const { filters, search, meanings } = request;
  const texts = Object.entries(filters).flatMap(([parameter, value]): Condition[] => {
    const { column, operator } = known.listing.filters[parameter]!;
    if (operator === 'contains') return [part(known, parameter, column, String(value))];
    if (operator === 'equals') return [equal(known, parameter, column, String(value))];
    if (operator === 'present') return [present(known, parameter, column, value === true)];
    return [];
  });
  const all = [
    ...texts,
    ...ranges(known, request),
    ...(search ? searchConditions(known, search, meanings) : []),
  ];
  return isContradiction(known, request) ? [...all, nothing] : all;
}

// The limits of an integer column. The bound of a request may lie outside them.
const [least, greatest] = [-2147483648, 2147483647];
const fitting = (bound: Range['from']) =>
  typeof bound === 'number' ? Math.max(least, Math.min(greatest, bound)) : bound;

// Times and dates have one text form here, so they compare as strings.
const isEmpty = (from: Range['from'], to: Range['to']) =>
  (from !== null && to !== null && from > to) ||
  (typeof from === 'number' && from > greatest) ||
  (typeof to === 'number' && to < least);

export const nothing: Condition = { parameters: [], test: () => sql`false`, find: null, never: true };

/** Whether one filter requires a column to be null, and another a value in a column that is null with it. */
function isContradiction({ listing }: Known, { filters }: Pick<ListRequest, 'filters'>): boolean {
  const asked = Object.entries(filters).map(([parameter, value]) => ({
    value,
    ...listing.filters[parameter]!,
  }));
  const isMissing = ({ operator, value }: (typeof asked)[0]) => operator === 'present' && value === false;
  const missing = asked.filter(isMissing).map(({ column }) => columnOf(listing, column).nullWith);
  return asked.some((one) => !isMissing(one) && missing.includes(columnOf(listing, one.column).partOf));
}

/** The index condition for the rows that pass all of these conditions and have the tags `also`. */
export function findings(listing: Listing, some: readonly Condition[], also: Sql[], bind: Bind): Sql {
  let found: Required<Finding>[] = [{ queries: [], tags: also, rest: [] }];
  for (const { find } of some) {
    const arms = find!(bind);
    found = found.flatMap((one) =>
      arms.map(({ queries = [], tags = [], rest = [] }) => ({
        queries: [...one.queries, ...queries],
        tags: [...one.tags, ...tags],
        rest: [...one.rest, ...rest],
      })),
    );
  }
  // Each is an index condition of its own: within one query or array GIN compares row id by row id, between conditions it skips. The
  // planner would factor out what all alternatives share, and test the rest on each row; a limit that differs in each prevents that.
  const terms = found.map(({ queries, tags, rest }, i) =>
    all([
      ...queries.map((query) => sql`document @@ (select ${query} limit ${i + 1})`),
      ...tags.map((tag) => sql`${listing.tags} @> array[${tag}]`),
      ...rest,
    ]),
  );
  return joined(terms, ' or ');
}

/** The most values in one lookup: the inverted index compares each row id with each value. */
export const mostAtOnce = 64;

/** Lookups in one place after the other: the places, the index condition in one, and tests that a row belongs to it. */
export interface Places {
  places: Sql;
  find: Sql;
  within: Sql[];
}

/** The rows of all these conditions: at once, or, if a column must have one of some values, `mostAtOnce` values at a time. */
export function findEverywhere(listing: Listing, some: readonly Condition[], bind: Bind): Places {
  const one = some.find(({ values }) => values);
  if (!one) return { places: sql`(select) place`, find: findings(listing, some, [], bind), within: [] };
  const { column, tags } = one.values!;
  const places = sql`(
    select array_agg(tag) as tags
    from (select tag, row_number() over () / ${mostAtOnce} as part from (select distinct unnest(${tags(bind)}) as tag) tag) tag
    group by part
  ) place`;
  const inPlace: Condition = { ...one, find: () => [{ rest: [sql`${listing.tags} && place.tags`] }] };
  const find = findings(listing, [inPlace, ...some.filter((other) => other !== one)], [], bind);
  // Without this test, a row whose value in another column shares one of these tags would be found in two places.
  const own = sql`listing_value_tag(${literal(column.name)}, ${columnName(column.name)}) = any(place.tags)`;
  return { places, find, within: [own] };
}

export const tests = (some: readonly Condition[], bind: Bind): Sql => all(some.map(({ test }) => test(bind)));
