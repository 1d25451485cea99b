import { genders } from '../../src/contract/customer.ts';
import type { Random } from '../generate/random.ts';
import {
  piece,
  type TextParameter,
  type TimeParameter,
  textParameters,
  timeParameters,
  timeValue,
} from '../generate/values.ts';
import type { Row } from '../vocabulary.ts';
import { joined, simple } from './goals.ts';
import type { Draft, Query } from './shape.ts';
import { otherSort } from './sorts.ts';

/** One condition, with a value from a row. */
export interface Filter {
  name: string;
  query: Draft['query'];
}

/** Characters of a substring that a user may type. Shorter ones are separate cases (hard.ts). */
const parts: Record<TextParameter, [shortest: number, longest: number]> = {
  first_name: [3, 5],
  last_name: [3, 5],
  customer_id: [4, 10],
  phone_number: [4, 8],
  country: [3, 6],
  city: [3, 6],
  city_code: [3, 4],
  street: [3, 8],
  street_number: [1, 2],
};

const texts = Object.entries(textParameters) as [TextParameter, (row: Row) => string | null | undefined][];

const whole = texts.map(([name, of]): Filter => {
  const query = (_: Random, row: Row) => given(name, of(row));
  return { name: `${name}, whole`, query };
});
const inPart = texts.map(([name, of]): Filter => {
  const [shortest, longest] = parts[name];
  const query = (draw: Random, row: Row) => given(name, piece(draw, of(row) ?? '', longest, shortest));
  return { name: `${name}, in part`, query };
});
const times = (Object.keys(timeParameters) as TimeParameter[]).map((name): Filter => {
  return { name, query: (draw, row) => ({ [name]: timeValue(draw, row, name) }) };
});
const others: Filter[] = [
  { name: 'gender', query: (draw) => ({ gender: draw.pick(genders) }) },
  { name: 'has_address=true', query: () => ({ has_address: 'true' }) },
  { name: 'has_address=false', query: () => ({ has_address: 'false' }) },
  { name: 'min_points', query: (_, row) => given('min_points', row.relationship?.points) },
  { name: 'max_points', query: (_, row) => given('max_points', row.relationship?.points) },
];

const given = (name: string, value: string | number | null | undefined): Query | null =>
  value === null || value === undefined || value === '' ? null : { [name]: value };

/** Every filter parameter of the contract alone, text as exact match and as substring. */
export const filters: readonly Filter[] = [...whole, ...inPart, ...times, ...others];

/** Each filter in the default order. */
export const single: Draft[] = filters.map(({ name, query }) => ({
  ...{ name: `filter: ${name}`, kind: 'filter', goal: simple, query },
}));

/** Each filter in any other order. */
export const sorted: Draft[] = filters.map(({ name, query }) => ({
  name: `filter, other sort: ${name}`,
  kind: 'filter',
  goal: joined,
  query: (draw, row) => {
    const filter = query(draw, row);
    return filter && { ...filter, ...otherSort(draw) };
  },
}));

/** Three different filters with values of one row, so that together they match a row. */
function three(from: readonly Filter[]): Draft['query'] {
  return (draw, row) => {
    const query: Query = {};
    for (let tries = 0; Object.keys(query).length < 3 && tries < 30; tries++)
      Object.assign(query, draw.pick(from).query(draw, row));
    return Object.keys(query).length === 3 ? query : null;
  };
}

const kinds = { 'of any kind': filters, 'of text, whole': whole, 'of text, in part': inPart };

export const several: Draft[] = Object.entries(kinds).flatMap(([name, from]): Draft[] => [
  { name: `three filters: ${name}`, kind: 'filter', goal: joined, query: three(from) },
  {
    name: `three filters: ${name}, other sort`,
    kind: 'filter',
    goal: joined,
    query: (draw, row) => {
      const query = three(from)(draw, row);
      return query && { ...query, ...otherSort(draw) };
    },
  },
]);
