import { escapeLike } from '../contract/like.ts';
import type { ListRequest } from '../contract/list.ts';
import type { Parameter } from '../server/database.ts';
import collectText from '../sql/optimized/collect.sql' with { type: 'text' };
import collectByGroupText from '../sql/optimized/collect_by_group.sql' with { type: 'text' };
import collectRankedText from '../sql/optimized/collect_ranked.sql' with { type: 'text' };
import countText from '../sql/optimized/count.sql' with { type: 'text' };
import mergeText from '../sql/optimized/merge.sql' with { type: 'text' };
import walkText from '../sql/optimized/walk.sql' with { type: 'text' };
import walkNullableText from '../sql/optimized/walk_nullable.sql' with { type: 'text' };
import { type Bind, type Condition, conditions } from './conditions.ts';
import { few, groupSize, walkBudget, worthAsking } from './costs.ts';
import type { Position } from './cursor.ts';
import { afterwards, buckets, order, parts, sortOrder, walkOrder } from './order.ts';
import type { Statistics } from './statistics.ts';

// From a list request to statements. There are few ways to a page: to walk an index in the order of the list, keeping
// what matches; to merge the first customers of each matching value; to collect what matches, all at once or one group
// of the list after the other, and sort. Each has a bound on what it can cost whatever anybody believes of the data;
// where a walk ends before the page is full, the next statement goes on.

/** A statement that answers with `rows` and their `bodies`, joined by line feeds. */
export interface Statement {
  shape: 'walk' | 'merge' | 'group' | 'collect';
  text: string;
  parameters: Parameter[];
  /** planned once for each connection; only a closed set of texts is */
  prepare: boolean;
  /** too few rows mean that there are no more; otherwise it is open */
  final: boolean;
}

/** The rows of a page: how many, after how many skipped, from where. */
export interface Window {
  rows: number;
  skip: number;
  position: Position | null;
}

type Filling = Record<string, string>;
const fill = (template: string, filling: Filling) =>
  template.replace(/\/\*(\w+)\*\/.*?\/\*end\*\//gs, (mark, name: string) => filling[name] ?? mark);

const and = (terms: string[]) => (terms.length > 0 ? terms.map((term) => `(${term})`).join(' and ') : 'true');

function binder(...first: Parameter[]): { bind: Bind; parameters: Parameter[] } {
  const parameters = [...first];
  const bind: Bind = (value, type) => `$${parameters.push(value)}::${type}`;
  return { bind, parameters };
}

// Of texts with more filters there are too many to keep.
const mostPrepared = 2;

/** The statements to ask one after the other, until one fills the page. The last is always final. */
export function* statements(
  request: ListRequest,
  window: Window,
  statistics: Statistics,
): Generator<Statement> {
  const filters = conditions(request, () => '', statistics);
  const inside = filters.filter(({ bounds }) => bounds !== request.sort);
  const rows = window.rows + window.skip;
  const { total } = statistics;
  if (request.sort === 'relevance') return yield collect(request, window, statistics);
  if (filters.length === 1 && mergeable(request)) return yield merge(request, window);
  const budget = walkBudget(inside, rows);
  if (budget > 0) yield walk(request, window, statistics, budget);
  if (few(filters, total)) yield collect(request, window, statistics);
  else yield group(request, window, statistics, groupSize(inside, rows, total));
}

// A list sorted by the very column that is filtered, of which list_tag has every value.
const mergeable = ({ filters, sort }: ListRequest): boolean =>
  (sort === 'first_name' || sort === 'last_name' || sort === 'city' || sort === 'country') &&
  filters[sort] !== undefined;

/** Merges the first customers of each value that contains the text of the only filter. */
function merge(request: ListRequest, window: Window): Statement {
  const column = request.sort as 'first_name' | 'last_name' | 'city' | 'country';
  const { bind, parameters } = binder(window.rows, window.skip, escapeLike(request.filters[column]!));
  const sorted = { ...order(request, window.position), nullable: false };
  const text = fill(mergeText, {
    kind: `'${column}'`,
    column,
    bucket_from: buckets(sorted, window.position, bind),
    bucket_order: `list_tag.value ${sorted.descending ? 'desc' : 'asc'}`,
    from: parts(sorted, window.position, bind)[0]!,
    order: walkOrder(sorted),
  });
  return { shape: 'merge', text, parameters, prepare: true, final: true };
}

/** Walks the order of the list, reading at most `budget` customers. */
export function walk(
  request: ListRequest,
  window: Window,
  statistics: Statistics,
  budget: number,
): Statement {
  const { bind, parameters } = binder(window.rows, window.skip);
  const sorted = order(request, window.position);
  const all = conditions(request, bind, statistics);
  const bounds = all.filter((condition) => condition.bounds === sorted.columns[0]?.name);
  const filters = all.filter((condition) => !bounds.includes(condition));
  // Where the budget may end the first part, the second must not begin.
  const [first, second] = parts(sorted, window.position, bind).slice(0, filters.length > 0 ? 1 : 2);
  const from = (part = 'false') => and([part, ...bounds.map(({ test }) => test)]);
  const text = fill(sorted.nullable ? walkNullableText : walkText, {
    from: from(first),
    from_null: from(second),
    order: walkOrder(sorted),
    budget: String(budget),
    filters: and(filters.map(({ test }) => test)),
  });
  return {
    shape: 'walk',
    text,
    parameters,
    prepare: all.length <= mostPrepared,
    final: filters.length === 0,
  };
}

const findings = (all: Condition[]) => {
  const asked = worthAsking(all);
  const tests = all
    .filter((condition) => condition.rough || !asked.includes(condition))
    .map(({ test }) => test);
  return [...asked.map(({ find }) => find!), ...tests];
};

// The first customer of a page is sorted by keys that the statements call `key`, `key2`.
const keyNames = ['key', 'key2'];

/** Collects the matches of one group of about `size` customers after the other, from the beginning of the page on. */
export function group(request: ListRequest, window: Window, statistics: Statistics, size: number): Statement {
  const { bind, parameters } = binder(window.rows, window.skip, size);
  const sorted = order(request, window.position);
  const all = conditions(request, bind, statistics);
  const names = keyNames.slice(0, sorted.columns.length);
  const text = fill(collectByGroupText, {
    kind: `'${sorted.kind}'`,
    bucket_from: buckets(sorted, window.position, bind),
    bucket_order: `list_tag.value ${sorted.descending ? 'desc' : 'asc'} nulls ${sorted.backwards ? 'first' : 'last'}`,
    keys: sorted.columns.map(({ name }, i) => `${name} as ${names[i]}`).join(', '),
    filters: and([...findings(all), ...afterwards(sorted, window.position, bind)]),
    group_order: sortOrder(
      sorted,
      sorted.columns.map(({ name }) => name),
    ),
    page_order: sortOrder(sorted, names, 'page.'),
  });
  return { shape: 'group', text, parameters, prepare: all.length <= mostPrepared, final: true };
}

/** Collects every match, then sorts. */
export function collect(request: ListRequest, window: Window, statistics: Statistics): Statement {
  const ranked = request.sort === 'relevance';
  const { bind, parameters } = binder(window.rows, window.skip, ...(ranked ? [request.search!.text] : []));
  const sorted = order(request, window.position);
  const all = conditions(request, bind, statistics);
  const names = keyNames.slice(0, sorted.columns.length);
  const position = afterwards(sorted, window.position, bind);
  const text = fill(ranked ? collectRankedText : collectText, {
    keys: sorted.columns.map(({ name }, i) => `${name} as ${names[i]}`).join(', '),
    filters: and([...findings(all), ...(ranked ? [] : position)]),
    from: and(position),
    order: sortOrder(sorted, names),
    page_order: sortOrder(sorted, names, 'page.'),
  });
  return { shape: 'collect', text, parameters, prepare: all.length <= mostPrepared, final: true };
}

/** Counts every match. */
export function count(
  request: ListRequest,
  statistics: Statistics,
): { text: string; parameters: Parameter[] } {
  const { bind, parameters } = binder();
  const filters = findings(conditions(request, bind, statistics));
  return { text: fill(countText, { filters: and(filters) }), parameters };
}
