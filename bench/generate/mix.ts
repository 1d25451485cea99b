import type { Row } from '../vocabulary.ts';
import type { Random } from './random.ts';
import { part, withinLimit } from './values.ts';

/** A kind of user request, for measurements: every drawn request is valid and finds a customer. */
export interface Shape {
  name: string;
  /** Its share of the mixed load, relative to the others. */
  weight: number;
  /** The naive server needs seconds for one, so fewer distinct requests are measured. */
  slow?: true;
  query: (draw: Random, row: Row) => Record<string, string | number>;
}

const home = (row: Row) => row.address ?? { country: 'a', city: 'a', city_code: '1' };

export const shapes: readonly Shape[] = [
  { name: 'newest first', weight: 12, query: () => ({}) },
  { name: 'a later page', weight: 6, query: (draw) => ({ page: draw.int(2, 50) }) },
  { name: 'a deep page', weight: 3, query: (draw) => ({ page: draw.int(300, 500) }) },
  { name: 'sorted by points', weight: 6, query: () => ({ sort_by: 'points' }) },
  { name: 'sorted by full name', weight: 5, query: () => ({ sort_by: 'full_name' }) },
  { name: 'sorted by city', weight: 3, query: () => ({ sort_by: 'city' }) },
  { name: 'first name', weight: 12, query: (_, row) => ({ first_name: row.first_name }) },
  {
    name: 'part of a last name',
    weight: 6,

    query: (draw, row) => ({ last_name: part(draw, row.last_name, 3) }),
  },
  { name: 'city', weight: 8, query: (_, row) => ({ city: home(row).city }) },
  {
    name: 'country by points',
    weight: 6,

    query: (_, row) => ({ country: home(row).country, sort_by: 'points' }),
  },
  {
    name: 'part of a phone number',
    weight: 5,

    query: (draw, row) => ({ phone_number: part(draw, row.phone_number ?? '4912', 6) }),
  },
  {
    name: 'part of a customer id',
    weight: 5,

    query: (draw, row) => ({ customer_id: part(draw, row.customer_id, 8) }),
  },
  {
    name: 'range of birthdays',
    weight: 5,

    query: (_, row) => {
      const year = Number((row.birthday ?? '1990').slice(0, 4));
      const of = (some: number) => String(some).padStart(4, '0');
      return { birthday_after: `${of(year)}-01-01`, birthday_before: `${of(year + 1)}-12-31` };
    },
  },
  {
    name: 'range of points',
    weight: 5,

    query: (_, row) => {
      const points = row.relationship?.points ?? 1000;
      return { min_points: points, max_points: points + 500, sort_by: 'points' };
    },
  },
  {
    name: 'several filters',
    weight: 8,

    query: (_, { gender, birthday, ...row }) => ({
      ...{ country: home(row as Row).country, gender, birthday_before: birthday ?? '2000-01-01' },
      sort_by: 'last_name',
    }),
  },
  {
    name: 'first name with a count',
    weight: 4,
    query: (_, row) => ({ first_name: row.first_name, count: 'exact' }),
  },
  {
    name: 'search for a name',
    weight: 4,

    slow: true,
    query: (_, row) => ({ search: row.last_name }),
  },
  {
    name: 'search for a name and a city',
    weight: 4,

    slow: true,
    query: (_, row) => ({ search: withinLimit(`${row.first_name} ${home(row).city}`) }),
  },
  {
    name: 'search for a number',
    weight: 2,

    slow: true,
    query: (_, row) => ({ search: home(row).city_code }),
  },
];
