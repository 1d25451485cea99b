import type { Column as Declared, Filter } from '../../contract/columns.ts';
import { filtersOf } from '../../contract/columns.ts';
import { columnName, joined, name, type Sql, sql } from './sql.ts';

// Defines a listing: one flat relation whose rows are listed, filtered, searched and sorted (src/sql/listing). Everything in
// this folder works on any listing.

export interface Column {
  name: string;
  /** `real`: a rank, which is computed and in no row */
  type: Declared['type'] | 'real';
  /** its index in a `Row` */
  at: number;
  /** the column that is null in exactly the same rows */
  nullWith: string;
  /** where that column is null, this one is too */
  partOf: string;
}

/** The sort columns of an order, and the number that its bucket tags begin with. */
export interface Order {
  name: string;
  number: number;
  columns: readonly Column[];
}

export interface Listing {
  /** the table; the names of its functions and tables begin with this */
  table: string;
  columns: readonly Column[];
  /** by name: every sort, and an order for each other column with range filters */
  orders: Readonly<Record<string, Order>>;
  /** the names of the orders that a list can be sorted by */
  sorts: readonly string[];
  /** the default sort, which is also the physical order of the rows */
  sortedBy: string;
  /** by parameter */
  filters: Readonly<Record<string, Filter>>;
  /** the columns in which a word of digits is also searched as a substring */
  numbers: readonly string[];
  /** a row of `page` as a JSON array: a `Row` */
  row: Sql;
  /** the expression that the inverted index has for the tags of a row */
  tags: Sql;
}

export interface Declaration {
  table: string;
  columns: Readonly<Record<string, Declared>>;
  sorts: Readonly<Record<string, readonly string[]>>;
  sortedBy: string;
  numbers: readonly string[];
}

/** A row as the database returns it: its id, then the columns in order, in PostgreSQL's text form. */
export type Row = readonly (string | null)[];

/** Names of columns that the tables of each listing or its lists by relevance have themselves; `found` is a variable of PL/pgSQL. */
const taken = ['id', 'document', 'tag', 'listing_rank', 'found'];

/** Builds a listing from its declaration. Throws if a column has a name that is taken. */
export function listing({ table, columns: declared, sorts, sortedBy, numbers }: Declaration): Listing {
  const own = taken.find((name) => Object.hasOwn(declared, name));
  if (own)
    throw new Error(
      `${table} cannot have a column "${own}": choose another name, since listings use this one themselves`,
    );
  const columns = Object.entries(declared).map(
    ([name, { type, nullWith = name, partOf = nullWith }], i): Column => {
      return { name, type, at: i + 1, nullWith, partOf };
    },
  );
  const column = (name: string) => columns.find((one) => one.name === name)!;
  const filters = filtersOf(declared);
  const ranged = new Set(
    Object.values(filters).flatMap(({ column, operator }) => (isBound(operator) ? [column] : [])),
  );
  const others = [...ranged].filter((name) => !Object.hasOwn(sorts, name));
  const all = [...Object.entries(sorts), ...others.map((name) => [name, [name]] as const)];
  // Number 0 belongs to the buckets of the id.
  const orders = all.map(([name, names], i): Order => ({ name, number: i + 1, columns: names.map(column) }));
  const values = ['id', ...Object.keys(declared)].map(columnName);
  const texts = values.map((value) => sql`page.${value}::text`);
  return {
    ...{ table, columns, sorts: Object.keys(sorts), sortedBy, filters, numbers },
    row: sql`array_to_json(array[${joined(texts, ', ')}])::text`,
    tags: sql`${name(`${table}_tags`)}(${joined(values, ', ')})`,
    orders: Object.fromEntries(orders.map((order) => [order.name, order])),
  };
}

export const isBound = (operator: Filter['operator']) => operator === 'from' || operator === 'to';

/** The column `name` of a listing. Throws if there is none. */
export function columnOf({ columns, table }: Listing, name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (!found) throw new Error(`${table} has no column ${name}`);
  return found;
}
