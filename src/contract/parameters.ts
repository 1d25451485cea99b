import Type from 'typebox';
import { type Column, columns, type FilterName, type Operator, orders } from './columns.ts';
import { dateOrTime } from './customer.ts';
import { withoutNul } from './query.ts';
import { instant, isDate } from './times.ts';

// The parameters of a list: their schemas for the docs page, and how each text is read. `read` returns the canonical
// value, so that equivalent requests become identical, or undefined for a fault, which `allowed` then explains. Filter
// parameters derive from the columns.

export interface Parameter {
  schema: Type.TSchema;
  allowed: string;
  read: (text: string) => string | number | boolean | undefined;
}

const text = (allowed: string, read: (text: string) => string = (same) => same): Parameter => ({
  schema: Type.String({ maxLength: 200, pattern: withoutNul }),
  allowed,
  read,
});

const choice = (values: readonly string[], allowed = `one of ${values.join(', ')}`): Parameter => ({
  schema: Type.Enum([...values]),
  allowed,
  read: (value) => (values.includes(value) ? value : undefined),
});

const date: Parameter = {
  schema: Type.String({ format: 'date' }),
  allowed: 'a date, YYYY-MM-DD, inclusive',
  read: (value) => (isDate(value) ? value : undefined),
};

const time: Parameter = {
  schema: dateOrTime('a date is its midnight UTC'),
  allowed: 'a date (midnight UTC) or an RFC 3339 date-time such as 2023-05-01T12:00:00Z, inclusive',
  read: (value) => instant(value) ?? undefined,
};

const whole = (minimum: number, maximum: number, initial: number): Parameter => ({
  schema: Type.Integer({ minimum, maximum, default: initial }),
  allowed: `a whole number from ${minimum} to ${maximum}`,
  read: (value) => {
    const number = /^\d{1,10}$/.test(value) ? Number(value) : -1;
    return number >= minimum && number <= maximum ? number : undefined;
  },
});

// A bound is rounded inwards, and clamped to the range of an integer column plus one value on each side.
const bound = (round: (value: number) => number): Parameter => ({
  schema: Type.Number(),
  allowed: 'a number, inclusive',
  read: (value) =>
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)
      ? Math.max(-(2 ** 31) - 1, Math.min(2 ** 31, round(Number(value)))) + 0
      : undefined,
});

const present: Parameter = {
  schema: Type.Boolean(),
  allowed: 'true or false',
  read: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
};

function filter({ type, values = [], read }: Column, operator: Operator): Parameter {
  if (operator === 'contains') return text('text of at most 200 characters, contained in any case', read);
  if (operator === 'equals') return choice(values);
  if (operator === 'present') return present;
  if (type === 'integer') return bound(operator === 'from' ? Math.ceil : Math.floor);
  return type === 'date' ? date : time;
}

// A search with more than 20 minus signs is a fault: each may be a negation, and PostgreSQL's stack for them has 32 places.
/** The parameters of a list with these columns and sorts. Every list also sorts by relevance, if it has a search. */
export const listParameters = (
  declared: Readonly<Record<string, Column>>,
  sorts: readonly string[],
): Record<string, Parameter> => ({
  ...Object.fromEntries(
    Object.values(declared).flatMap((column) =>
      Object.entries(column.filters ?? {}).map(([name, operator]) => [name, filter(column, operator)]),
    ),
  ),
  search: {
    ...text('words that must all match, or a web search query, of at most 200 characters and 20 minus signs'),
    read: (value) => (value.split('-').length > 21 ? undefined : value),
  },
  sort_by: choice(
    [...sorts, 'relevance'],
    `one of ${sorts.join(', ')}, relevance; relevance only with search`,
  ),
  ordering: choice(['ascending', 'descending']),
  page_size: whole(1, 100, 20),
  page: whole(1, 1_000_000_000, 1),
  cursor: text('from next or previous only (optimized)'),
  count: choice(['exact', 'estimated', 'none']),
});

export type Sort = keyof typeof orders | 'relevance';
export const sorts = [...Object.keys(orders), 'relevance'] as Sort[];
/** The columns filtered by substring, each by a parameter of its name. */
export const textFilters = Object.entries<Column>(columns)
  .filter(([name, { filters }]) => filters?.[name] === 'contains')
  .map(([name]) => name as FilterName);

/** The parameters of the customer list. */
export const parameters = listParameters(columns, Object.keys(orders));
export type ParameterName =
  | FilterName
  | 'search'
  | 'sort_by'
  | 'ordering'
  | 'page_size'
  | 'page'
  | 'cursor'
  | 'count';
