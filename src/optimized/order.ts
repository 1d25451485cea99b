import type { ListRequest } from '../contract/list.ts';
import type { Sort } from '../contract/parameters.ts';
import type { Bind } from './conditions.ts';
import type { Position } from './cursor.ts';

// The order of a list as SQL. It is total: ties are broken by id in the same direction, and nulls come last in both.

interface Column {
  name: string;
  type: string;
}

export interface Order {
  columns: Column[];
  nullable: boolean;
  /** how the index is read; for a page before its cursor this is against the order of the list */
  descending: boolean;
  backwards: boolean;
}

/** A condition on where in the order the rows lie. */
export type Part = string;

const text = (name: string): Column => ({ name, type: 'text' });
const time = (name: string): Column => ({ name, type: 'timestamptz' });

const columns: Record<Sort, Column[]> = {
  full_name: [text('first_name'), text('last_name')],
  first_name: [text('first_name')],
  last_name: [text('last_name')],
  created: [time('created')],
  customer_id: [text('customer_id')],
  city: [text('city')],
  country: [text('country')],
  points: [{ name: 'points', type: 'integer' }],
  last_activity: [time('last_activity')],
  last_updated: [time('last_updated')],
  relevance: [{ name: 'key', type: 'real' }],
};
const nullable = new Set<Sort>(['city', 'country', 'points', 'last_activity']);

/** The order in which rows are read for a page that begins at `position`. */
export function order({ sort, descending }: ListRequest, position: Position | null): Order {
  const backwards = position?.backwards ?? false;
  return {
    columns: columns[sort],
    nullable: nullable.has(sort),
    descending: descending !== backwards,
    backwards,
  };
}

/** `order by` for the reading direction, over `names`. Against the list's order nulls come first. */
export function orderBy({ descending, backwards }: Order, names: string[], prefix = ''): string {
  const nulls = names.includes('key') ? ` nulls ${backwards ? 'first' : 'last'}` : '';
  const direction = descending ? 'desc' : 'asc';
  return [...names.map((name) => `${prefix}${name} ${direction}${nulls}`), `${prefix}id ${direction}`].join(
    ', ',
  );
}

const operator = ({ descending }: Order, { inclusive }: Position) =>
  `${descending ? '<' : '>'}${inclusive ? '=' : ''}`;

// Row-wise comparison is one search in the index.
function beyond(
  order: Order,
  position: Position,
  bind: Bind,
  names = order.columns.map(({ name }) => name),
): Part {
  const values = order.columns.map(({ type }, i) => bind(position.key[i] ?? null, type));
  const id = bind(position.id, 'bigint');
  return `(${[...names, 'id'].join(', ')}) ${operator(order, position)} (${[...values, id].join(', ')})`;
}

const beyondNull = (order: Order, position: Position, bind: Bind): Part =>
  `id ${operator(order, position)} ${bind(position.id, 'bigint')}`;

/**
 * The parts of an index to walk, one after the other: for a column that can be null, those with a value and those
 * without, in the order they are read. A missing second part means there is nothing more.
 */
export function parts(order: Order, position: Position | null, bind: Bind): Part[] {
  const [column] = order.columns;
  if (!order.nullable) return [position ? beyond(order, position, bind) : 'true'];
  const valued = `${column!.name} is not null`;
  const without = `${column!.name} is null`;
  const sequence = order.backwards ? [without, valued] : [valued, without];
  if (!position) return sequence;
  const atNull = position.key[0] === null;
  const here = atNull ? `${without} and ${beyondNull(order, position, bind)}` : beyond(order, position, bind);
  return atNull === order.backwards ? [here, sequence[1]!] : [here];
}

/** The same as `parts`, as one condition for rows that are sorted anyway; none at the beginning of the list. */
export function afterwards(order: Order, position: Position | null, bind: Bind, names?: string[]): Part[] {
  if (!position) return [];
  if (!order.nullable) return [beyond(order, position, bind, names)];
  return [parts(order, position, bind).join(' or ')];
}
