import type { ListRequest } from '../contract/list.ts';
import type { Sort } from '../contract/parameters.ts';
import type { Making } from './conditions.ts';
import type { Position } from './cursor.ts';

type Bind = Making['bind'];

// The order of a list as SQL. It is total: ties are broken by id in the same direction, and nulls come last in both.

interface Column {
  name: string;
  type: string;
}

interface Sorting {
  columns: Column[];
  /** the first column can be null */
  nullable?: boolean;
  /** the kind of tag whose values follow this order, and the function from a value to its tag's value */
  kind: string;
  bucket: string;
}

export interface Order extends Sorting {
  /** how the index is read; for a page before its cursor this is against the order of the list */
  descending: boolean;
  backwards: boolean;
}

const text = (name: string): Column => ({ name, type: 'text' });
const plain = (name: string): Sorting => ({ columns: [text(name)], kind: name, bucket: '' });
const time = (name: string): Sorting => ({
  columns: [{ name, type: 'timestamptz' }],
  kind: name,
  bucket: 'week_of',
});

const sortings: Record<Sort, Sorting> = {
  full_name: { ...plain('first_name'), columns: [text('first_name'), text('last_name')] },
  first_name: plain('first_name'),
  last_name: plain('last_name'),
  created: time('created'),
  customer_id: { ...plain('customer_id'), bucket: 'start_of' },
  city: { ...plain('city'), nullable: true },
  country: { ...plain('country'), nullable: true },
  points: {
    columns: [{ name: 'points', type: 'integer' }],
    nullable: true,
    kind: 'points',
    bucket: 'hundred_of',
  },
  last_activity: { ...time('last_activity'), nullable: true },
  last_updated: time('last_updated'),
  relevance: { columns: [{ name: 'key', type: 'real' }], kind: '', bucket: '' },
};

/** The order in which rows are read for a page that begins at `position`. */
export function order({ sort, descending }: ListRequest, position: Position | null): Order {
  const backwards = position?.backwards ?? false;
  return { ...sortings[sort], descending: descending !== backwards, backwards };
}

/** The same order for rows whose sort columns are called `names`. */
export const keyed = (order: Order, names: string[]): Order => ({
  ...order,
  columns: order.columns.map(({ type }, i) => ({ name: names[i]!, type })),
});

/** `order by` for an index that is walked. */
export function walkOrder({ columns, descending }: Order): string {
  const direction = descending ? 'desc' : 'asc';
  return [...columns.map(({ name }) => name), 'id'].map((name) => `${name} ${direction}`).join(', ');
}

/** `order by` for rows that are sorted by `names`, then id. Against the list's order nulls come first. */
export function sortOrder({ descending, backwards }: Order, names: string[], prefix = ''): string {
  const direction = `${descending ? 'desc' : 'asc'} nulls ${backwards ? 'first' : 'last'}`;
  return [...names, 'id'].map((name) => `${prefix}${name} ${direction}`).join(', ');
}

const operator = ({ descending }: Order, inclusive: boolean) =>
  `${descending ? '<' : '>'}${inclusive ? '=' : ''}`;

// Row-wise comparison is one search in the index.
function beyond(order: Order, position: Position, bind: Bind): string {
  const values = order.columns.map(({ type }, i) => bind(position.key[i] ?? null, type));
  const names = [...order.columns.map(({ name }) => name), 'id'].join(', ');
  const place = [...values, bind(position.id, 'bigint')].join(', ');
  return `(${names}) ${operator(order, position.inclusive)} (${place})`;
}

/**
 * The parts of an index to walk, one after the other: for a column that can be null, those with a value and those
 * without, in the order they are read; `only` one kind, where a filter says so. A missing second part means there is
 * nothing more.
 */
export function parts(
  order: Order,
  position: Position | null,
  bind: Bind,
  only?: 'values' | 'nulls',
): string[] {
  if (!order.nullable) return [position ? beyond(order, position, bind) : 'true'];
  const column = order.columns[0]!.name;
  const whole = (nulls: boolean) => `${column} is ${nulls ? 'null' : 'not null'}`;
  const atNull = position?.key[0] === null;
  const test = (nulls: boolean): string => {
    if (!position || nulls !== atNull) return whole(nulls);
    if (!nulls) return beyond(order, position, bind);
    return `${whole(nulls)} and id ${operator(order, position.inclusive)} ${bind(position.id, 'bigint')}`;
  };
  const inOrder = order.backwards ? [true, false] : [false, true];
  return inOrder
    .slice(position && atNull !== order.backwards ? 1 : 0)
    .filter((nulls) => only === undefined || nulls === (only === 'nulls'))
    .map(test);
}

/** The same as `parts`, as one condition for rows that are sorted anyway; none at the beginning of the list. */
export function afterwards(order: Order, position: Position | null, bind: Bind): string[] {
  return position
    ? [
        parts(order, position, bind)
          .map((part) => `(${part})`)
          .join(' or '),
      ]
    : [];
}

/** The buckets of an order in which rows at or beyond `position` lie. */
export function buckets(order: Order, position: Position | null, bind: Bind): string {
  if (!position) return 'true';
  const [key] = position.key;
  if (key === null || key === undefined) return order.backwards ? 'true' : 'list_tag.value is null';
  const here = `list_tag.value ${operator(order, true)} ${order.bucket}(${bind(key, order.columns[0]!.type)})`;
  return order.nullable && !order.backwards ? `(${here} or list_tag.value is null)` : here;
}
