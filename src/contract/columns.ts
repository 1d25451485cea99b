import { genders } from './customer.ts';

// The columns that lists of customers filter and sort by, each declared once. The parameters of a list, their docs and
// their types derive from them, as do the conditions, indexes and read model of the optimized server.

/** How a parameter filters a column: a substring in any case, one value, a bound, or presence of a value. */
export type Operator = 'contains' | 'equals' | 'from' | 'to' | 'present';

export interface Column {
  type: 'text' | 'timestamptz' | 'date' | 'integer';
  /** operator by parameter */
  filters?: Readonly<Record<string, Operator>>;
  /** all values of the column, if they are few and known */
  values?: readonly string[];
  /** null exactly where the named column is null */
  nullWith?: string;
  /** null wherever the named column is null, and possibly elsewhere */
  partOf?: string;
  /** normalizes a `contains` parameter */
  read?: (text: string) => string;
}

/** A leading space is an unencoded plus; `%2B` is a plus encoded twice. */
const phone = (text: string) => text.replace(/^(?: |%2B)/i, '+');

/** By name, in their order in a row of the read model. */
export const columns = {
  created: { type: 'timestamptz', filters: { created_after: 'from', created_before: 'to' } },
  last_updated: { type: 'timestamptz', filters: { last_updated_after: 'from', last_updated_before: 'to' } },
  last_activity: { type: 'timestamptz', filters: { active_from: 'from', active_before: 'to' } },
  points: { type: 'integer', filters: { min_points: 'from', max_points: 'to' } },
  birthday: { type: 'date', filters: { birthday_after: 'from', birthday_before: 'to' } },
  gender: { type: 'text', filters: { gender: 'equals' }, values: genders },
  first_name: { type: 'text', filters: { first_name: 'contains' } },
  last_name: { type: 'text', filters: { last_name: 'contains' } },
  customer_id: { type: 'text', filters: { customer_id: 'contains' } },
  phone_number: { type: 'text', filters: { phone_number: 'contains' }, read: phone },
  country: { type: 'text', filters: { country: 'contains', has_address: 'present' } },
  city: { type: 'text', filters: { city: 'contains' }, nullWith: 'country' },
  city_code: { type: 'text', filters: { city_code: 'contains' }, nullWith: 'country' },
  street: { type: 'text', filters: { street: 'contains' }, partOf: 'country' },
  street_number: { type: 'text', filters: { street_number: 'contains' }, partOf: 'country' },
} as const satisfies Record<string, Column>;

type ColumnName = keyof typeof columns;

/** For each sort, the columns compared before the id. */
export const orders = {
  full_name: ['first_name', 'last_name'],
  first_name: ['first_name'],
  last_name: ['last_name'],
  created: ['created'],
  customer_id: ['customer_id'],
  city: ['city'],
  country: ['country'],
  points: ['points'],
  last_activity: ['last_activity'],
  last_updated: ['last_updated'],
} as const satisfies Record<string, readonly ColumnName[]>;

/** Columns that a search word of digits also matches as a substring. */
export const numberColumns = ['phone_number', 'city_code', 'street_number'] as const;

type FiltersOf<C> = C extends { filters: infer F } ? F : never;
type AllFilters = { [C in ColumnName]: FiltersOf<(typeof columns)[C]> }[ColumnName];
/** The name of each filter parameter. */
export type FilterName = AllFilters extends infer F ? (F extends unknown ? keyof F & string : never) : never;

/** The column that a filter narrows, and how. */
export interface Filter {
  column: string;
  operator: Operator;
}

/** The filters of `declared`, by parameter. */
export const filtersOf = (declared: Readonly<Record<string, Column>>): Record<string, Filter> =>
  Object.fromEntries(
    Object.entries(declared).flatMap(([column, { filters = {} }]) =>
      Object.entries(filters).map(([parameter, operator]) => [parameter, { column, operator }] as const),
    ),
  );
