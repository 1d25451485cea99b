import type { ListRequest } from '../contract/list.ts';
import type { Parameter } from '../server/database.ts';
import collectText from '../sql/optimized/collect.sql' with { type: 'text' };
import collectRankedText from '../sql/optimized/collect_ranked.sql' with { type: 'text' };
import countText from '../sql/optimized/count.sql' with { type: 'text' };
import mergeText from '../sql/optimized/merge.sql' with { type: 'text' };
import walkText from '../sql/optimized/walk.sql' with { type: 'text' };
import walkNullableText from '../sql/optimized/walk_nullable.sql' with { type: 'text' };
import { type Bind, type Condition, conditions } from './conditions.ts';
import { costs } from './costs.ts';
import type { Position } from './cursor.ts';
import { afterwards, type Order, order, orderBy, type Part, parts } from './order.ts';
import type { Statistics } from './statistics.ts';

// From a list request to a statement. There are few shapes of statements, each good for another case, and each with a
// bound on what it can cost whatever the planner believes: walk (in order, keeping what matches, within a budget),
// merge (the first of each matching value), collect (all matches, then sorted).

/** A statement that answers with `rows` and their `bodies`, joined by line feeds. */
export interface Statement {
  shape: 'walk' | 'merge' | 'collect';
  text: string;
  parameters: Parameter[];
  /** the walk may have run out of its budget: where it gives fewer rows than asked for, the page must be collected */
  bounded: boolean;
}

/** The rows of a page: how many, after how many skipped, from where. */
export interface Window {
  rows: number;
  skip: number;
  position: Position | null;
}

/** Customers a walk may read before it gives up. */
const budget = 20_000;

type Filling = Record<string, string>;
const fill = (template: string, filling: Filling) =>
  template.replace(/\/\*(\w+)\*\/.*?\/\*end\*\//gs, (mark, name: string) => filling[name] ?? mark);

const and = (terms: string[]) => (terms.length > 0 ? terms.map((term) => `(${term})`).join(' and ') : 'true');

function binder(...first: Parameter[]): { bind: Bind; parameters: Parameter[] } {
  const parameters = [...first];
  const bind: Bind = (value, type) => `$${parameters.push(value)}::${type}`;
  return { bind, parameters };
}

/** The statement that is likely to give the page soonest. */
export function plan(request: ListRequest, window: Window, statistics: Statistics): Statement {
  const found = conditions(request, () => '', statistics);
  if (request.sort === 'relevance') return collect(request, window, statistics);
  const cost = costs(found, statistics.total, window.rows + window.skip, request);
  if (cost.merge <= Math.min(cost.walk, cost.collect)) return merge(request, window, statistics);
  return cost.walk <= cost.collect ? walk(request, window, statistics) : collect(request, window, statistics);
}

/** Walks the order of the list. */
export function walk(request: ListRequest, window: Window, statistics: Statistics): Statement {
  const { bind, parameters } = binder(window.rows, window.skip);
  const sorted = order(request, window.position);
  const all = conditions(request, bind, statistics);
  const bounds = all.filter((condition) => condition.bounds === sorted.columns[0]?.name);
  const filters = all.filter((condition) => !bounds.includes(condition));
  const [first, second] = parts(sorted, window.position, bind);
  const from = (part: Part | undefined) =>
    and([...(part ? [part] : ['false']), ...bounds.map(({ test }) => test)]);
  const text = fill(sorted.nullable ? walkNullableText : walkText, {
    from: from(first),
    from_null: from(second),
    order: orderBy(
      sorted,
      sorted.columns.map(({ name }) => name),
    ),
    budget: filters.length > 0 ? String(budget) : '$1::bigint + $2::bigint',
    filters: and(filters.map(({ test }) => test)),
  });
  return { shape: 'walk', text, parameters, bounded: filters.length > 0 };
}

/** Merges the first customers of each value that contains the text of the only filter. */
function merge(request: ListRequest, window: Window, statistics: Statistics): Statement {
  const [{ part }] = conditions(request, () => '', statistics) as [Condition];
  const { bind, parameters } = binder(window.rows, window.skip, part!.text.replace(/[\\%_]/g, '\\$&'));
  const sorted = order(request, window.position);
  const text = fill(mergeText, {
    kind: `'${part!.column}'`,
    column: part!.column,
    from: parts(sorted, window.position, bind)[0]!,
    order: orderBy(sorted, ['created']),
  });
  return { shape: 'merge', text, parameters, bounded: false };
}

/** Collects every match, then sorts. */
export function collect(request: ListRequest, window: Window, statistics: Statistics): Statement {
  const ranked = request.sort === 'relevance';
  const { bind, parameters } = binder(window.rows, window.skip, ...(ranked ? [request.search!.text] : []));
  const sorted: Order = order(request, window.position);
  const keys = sorted.columns.length > 1 ? ['key', 'key2'] : ['key'];
  const filters = conditions(request, bind, statistics).map(({ find }) => find);
  const position = afterwards(sorted, window.position, bind, ranked ? ['key'] : undefined);
  const text = fill(ranked ? collectRankedText : collectText, {
    keys: sorted.columns.map(({ name }, i) => `${name} as ${keys[i]}`).join(', '),
    filters: and(ranked ? filters : [...filters, ...position]),
    from: and(position),
    order: orderBy(sorted, keys),
    page_order: orderBy(sorted, keys, 'page.'),
  });
  return { shape: 'collect', text, parameters, bounded: false };
}

/** Counts every match. */
export function count(
  request: ListRequest,
  statistics: Statistics,
): { text: string; parameters: Parameter[] } {
  const { bind, parameters } = binder();
  const filters = conditions(request, bind, statistics).map(({ find }) => find);
  return { text: fill(countText, { filters: and(filters) }), parameters };
}
