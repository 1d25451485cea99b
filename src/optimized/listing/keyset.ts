import type { Position } from './cursor.ts';
import type { Column, Order } from './listing.ts';
import { type Bind, columnName, joined, type Sql, sql } from './sql.ts';

// Translates the order of a list (its pathkeys) and a place in it (a keyset predicate) to SQL. The order is total: ties are
// broken by id in the same direction, and nulls come last in both directions.

/** An order in reading direction: a page before its cursor is read against the order of the list. */
export interface Reading {
  columns: readonly Pick<Column, 'name' | 'type'>[];
  descending: boolean;
  backwards: boolean;
}

/** How the rows of a page that begins at `position` are read. */
export const reading = (
  order: Pick<Order, 'columns'>,
  descending: boolean,
  position: Position | null,
): Reading => ({
  columns: order.columns,
  descending: descending !== (position?.backwards ?? false),
  backwards: position?.backwards ?? false,
});

const direction = ({ descending }: Pick<Reading, 'descending'>) => (descending ? sql`desc` : sql`asc`);
const names = ({ columns }: Reading) => [...columns.map((column) => columnName(column.name)), sql`id`];

/** The `order by` keys of a walked part of an index. */
export const walkOrder = (read: Reading): Sql =>
  joined(
    names(read).map((key) => sql`${key} ${direction(read)}`),
    ', ',
  );

/** The `order by` keys of rows that are sorted. When they are read against the list's order, nulls come first. */
export function sortOrder(read: Reading): Sql {
  const nulls = read.backwards ? sql`first` : sql`last`;
  return joined(
    names(read).map((key) => sql`${key} ${direction(read)} nulls ${nulls}`),
    ', ',
  );
}

const operator = ({ descending }: Reading, inclusive: boolean) =>
  descending ? (inclusive ? sql`<=` : sql`<`) : inclusive ? sql`>=` : sql`>`;

/** The rows beyond a place that has no nulls: a row-wise comparison is one search in the B-tree. */
export function beyond(read: Reading, { key, id, inclusive }: Position, bind: Bind): Sql {
  const values = read.columns.map(({ type }, i) => bind(key[i] ?? null, type));
  const place = joined([...values, bind(id, 'bigint')], ', ');
  return sql`(${joined(names(read), ', ')}) ${operator(read, inclusive)} (${place})`;
}

/** A walked part of an index: the rows where the first column has a value, or those where it is null. */
export interface Part {
  nulls: boolean;
  /** the keyset predicate */
  predicate: (bind: Bind) => Sql;
}

/** The parts of the index to read from `position` on, in reading order. */
export function parts(read: Reading, position: Position | null): Part[] {
  const column = columnName(read.columns[0]!.name);
  const whole = (nulls: boolean) => (nulls ? sql`${column} is null` : sql`${column} is not null`);
  const atNull = position?.key[0] === null;
  const predicate = (nulls: boolean, bind: Bind): Sql => {
    if (!position || nulls !== atNull) return whole(nulls);
    if (!nulls) return beyond(read, position, bind);
    return sql`${whole(true)} and id ${operator(read, position.inclusive)} ${bind(position.id, 'bigint')}`;
  };
  return [read.backwards, !read.backwards]
    .slice(position && atNull !== read.backwards ? 1 : 0)
    .map((nulls) => ({ nulls, predicate: (bind) => predicate(nulls, bind) }));
}

/** The same as a single condition, for rows that are sorted anyway; none without a position. */
export const afterPosition = (read: Reading, position: Position | null, bind: Bind): Sql[] =>
  position
    ? [
        joined(
          parts(read, position).map(({ predicate }) => sql`(${predicate(bind)})`),
          ' or ',
        ),
      ]
    : [];
