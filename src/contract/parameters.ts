import Type from 'typebox';
import { genders } from './customer.ts';
import { instant, isDate } from './times.ts';

// The parameters of the list, each once: its schema (for the docs page) and how its text is read. `read` gives the
// canonical value, so that requests that mean the same look the same afterwards, or undefined for a fault, which
// `allowed` then explains.

export interface Parameter {
  schema: Type.TSchema;
  allowed: string;
  read: (text: string) => string | number | boolean | undefined;
}

const text = (allowed: string, read: (text: string) => string = (same) => same): Parameter => ({
  schema: Type.String({ maxLength: 200 }),
  allowed,
  read,
});
const contained = 'text of at most 200 characters, contained in any case';

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
  schema: Type.String(),
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

// Points are whole, so a bound is rounded inwards, and cut to what an integer column can hold or just miss.
const points = (round: (value: number) => number): Parameter => ({
  schema: Type.Number(),
  allowed: 'a number, inclusive',
  read: (value) =>
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)
      ? Math.max(-1, Math.min(2 ** 31, round(Number(value)))) + 0
      : undefined,
});

const phone = (value: string) => value.replace(/^(?: |%2B)/i, '+');

export const textFilters = [
  'first_name',
  'last_name',
  'customer_id',
  'phone_number',
  'country',
  'city',
  'city_code',
  'street',
  'street_number',
] as const;
export type TextFilter = (typeof textFilters)[number];

export const sorts = [
  'full_name',
  'first_name',
  'last_name',
  'created',
  'customer_id',
  'city',
  'country',
  'points',
  'last_activity',
  'last_updated',
  'relevance',
] as const;
export type Sort = (typeof sorts)[number];

export const parameters = {
  first_name: text(contained),
  last_name: text(contained),
  customer_id: text(contained),
  phone_number: text(contained, phone),
  country: text(contained),
  city: text(contained),
  city_code: text(contained),
  street: text(contained),
  street_number: text(contained),
  gender: choice(genders),
  birthday_after: date,
  birthday_before: date,
  created_after: time,
  created_before: time,
  last_updated_after: time,
  last_updated_before: time,
  active_from: time,
  active_before: time,
  has_address: {
    schema: Type.Boolean(),
    allowed: 'true or false',
    read: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
  },
  min_points: points(Math.ceil),
  max_points: points(Math.floor),
  search: text('words that must all match, or a web search query, of at most 200 characters'),
  sort_by: choice(sorts, `one of ${sorts.join(', ')}; relevance only with search`),
  ordering: choice(['ascending', 'descending']),
  page_size: whole(1, 100, 20),
  page: whole(1, 1_000_000_000, 1),
  cursor: text('from next or previous only (optimized)'),
  count: choice(['exact', 'estimated', 'none']),
} satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof parameters;
