import type { Column as Declared, Filter } from '../../contract/columns.ts';
import { filtersOf } from '../../contract/columns.ts';

// What a listing is: a table of rows that are listed, filtered, searched and sorted (src/sql/listing). Everything in this
// folder works on any listing.

export interface Column {
  name: string;
  /** `real`: a rank, which no row holds */
  type: Declared['type'] | 'real';
  /** its place in a row */
  at: number;
  /** null exactly where this column is */
  nullWith: string;
  /** null wherever this column is */
  partOf: string;
}

/** The columns of an order, and the number that the tags of its buckets begin with. */
export interface Order {
  name: string;
  number: number;
  columns: readonly Column[];
}

export interface Listing {
  /** the table; its functions and tables begin with this */
  table: string;
  columns: readonly Column[];
  /** by name: every sort, and an order for each other column that ranges are asked of */
  orders: Readonly<Record<string, Order>>;
  /** the names of those orders that lists are sorted by */
  sorts: readonly string[];
  /** what a list is sorted by that does not say, and what the rows lie in the order of */
  sortedBy: string;
  /** by parameter */
  filters: Readonly<Record<string, Filter>>;
  /** the columns in which a word of digits is searched as a part, too */
  numbers: readonly string[];
}

export interface Declaration {
  table: string;
  columns: Readonly<Record<string, Declared>>;
  sorts: Readonly<Record<string, readonly string[]>>;
  sortedBy: string;
  numbers: readonly string[];
}

/** A row as the database gives it: its id, then the columns in their order, as PostgreSQL writes them. */
export type Row = readonly (string | null)[];

/** The listing that is declared. */
export function listing({ table, columns: declared, sorts, sortedBy, numbers }: Declaration): Listing {
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
  // The bucket of the id has the number 0.
  const orders = all.map(([name, names], i): Order => ({ name, number: i + 1, columns: names.map(column) }));
  return {
    ...{ table, columns, sorts: Object.keys(sorts), sortedBy, filters, numbers },
    orders: Object.fromEntries(orders.map((order) => [order.name, order])),
  };
}

export const isBound = (operator: Filter['operator']) => operator === 'from' || operator === 'to';

/** The column `name` of a listing. */
export function columnOf({ columns, table }: Listing, name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (!found) throw new Error(`${table} has no column ${name}`);
  return found;
}
