import { genders } from './customer.ts';

// The columns that lists of customers filter and sort by, each once. From here follow the parameters of a list, their
// documentation and types, and, in the optimized room, conditions, indexes and read model.

/** How a parameter narrows a column: a part of its text in any case, one value, a bound, or whether there is a value. */
export type Operator = 'contains' | 'equals' | 'from' | 'to' | 'present';

export interface Column {
  type: 'text' | 'timestamptz' | 'date' | 'integer';
  /** parameter and operator */
  filters?: Readonly<Record<string, Operator>>;
  /** all values of the column, where they are few and known */
  values?: readonly string[];
  /** it is null exactly where this column is */
  nullWith?: string;
  /** it is null wherever this column is, and may be elsewhere */
  partOf?: string;
  /** reads the text of a `contains` parameter */
  read?: (text: string) => string;
}

/** A leading space is an unencoded plus; `%2B` is one that was encoded twice. */
const phone = (text: string) => text.replace(/^(?: |%2B)/i, '+');

/** By name, in the order in which a row of the read model has them. */
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

/** By name of the sort, the columns that it compares before the id. */
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

/** The columns in which a word of digits is searched as a part, too. */
export const numberColumns = ['phone_number', 'city_code', 'street_number'] as const;

type FiltersOf<C> = C extends { filters: infer F } ? F : never;
type AllFilters = { [C in ColumnName]: FiltersOf<(typeof columns)[C]> }[ColumnName];
/** The name of each parameter that is a filter. */
export type FilterName = AllFilters extends infer F ? (F extends unknown ? keyof F & string : never) : never;

/** A filter: which column it narrows, and how. */
export interface Filter {
  column: string;
  operator: Operator;
}

/** The filters of some columns by parameter. */
export const filtersOf = (declared: Readonly<Record<string, Column>>): Record<string, Filter> =>
  Object.fromEntries(
    Object.entries(declared).flatMap(([column, { filters = {} }]) =>
      Object.entries(filters).map(([parameter, operator]) => [parameter, { column, operator }] as const),
    ),
  );
