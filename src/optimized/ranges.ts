import type { Filters } from '../contract/list.ts';
import { positionOf } from './buckets.ts';
import { type Condition, type Making, once, tagsOf } from './conditions.ts';
import { between } from './guesses.ts';

// The filters from a value to a value, as conditions: both ends of one column together.

interface Range {
  column: 'birthday' | 'created' | 'last_updated' | 'last_activity' | 'points';
  from: keyof Filters;
  to: keyof Filters;
  type: string;
  /** the function from a value to its bucket (101_read_model.sql) */
  bucket: (value: string) => string;
}

const time = (column: Range['column'], from: keyof Filters, to: keyof Filters): Range => ({
  ...{ column, from, to, type: 'timestamptz' },
  bucket: (value) => `week_of(${value})`,
});

const ranges: Range[] = [
  {
    ...{ column: 'birthday', from: 'birthday_after', to: 'birthday_before', type: 'date' },
    bucket: (value) => `year_of(${value})`,
  },
  time('created', 'created_after', 'created_before'),
  time('last_updated', 'last_updated_after', 'last_updated_before'),
  time('last_activity', 'active_from', 'active_before'),
  {
    ...{ column: 'points', from: 'min_points', to: 'max_points', type: 'bigint' },
    bucket: (value) => `hundred_of(least(${value}, 2147483647)::integer)`,
  },
];

type Value = string | number | undefined;

const ofAddress = ['country', 'city', 'city_code', 'street', 'street_number'] as const;

/** Whether nobody can match: a range ends before it begins, or who has no address shall have one in some place. */
export const contradictory = (filters: Filters): boolean =>
  (filters.has_address === false && ofAddress.some((name) => filters[name] !== undefined)) ||
  ranges.some(({ from, to }) => {
    const [first, last] = [filters[from] as Value, filters[to] as Value];
    return first !== undefined && last !== undefined && first > last;
  });

function range(
  { column, from, to, type, bucket }: Range,
  filters: Filters,
  making: Making,
): Condition | null {
  const [first, last] = [filters[from] as Value, filters[to] as Value];
  if (first === undefined && last === undefined) return null;
  const bounds: [operator: string, bound: () => string][] = [];
  if (first !== undefined) bounds.push(['>=', once(() => making.bind(first, type))]);
  if (last !== undefined) bounds.push(['<=', once(() => making.bind(last, type))]);
  const inBuckets = () => bounds.map(([operator, bound]) => `list_tag.value ${operator} ${bucket(bound())}`);
  const { share, buckets } = between(
    making.statistics,
    column,
    first === undefined ? Number.NEGATIVE_INFINITY : positionOf(column, first),
    // A bound of points is inclusive.
    last === undefined
      ? Number.POSITIVE_INFINITY
      : positionOf(column, last) + (column === 'points' ? 0.01 : 0),
  );
  const days = column === 'birthday' ? daysBetween(first, last) : null;
  return {
    test: () => bounds.map(([operator, bound]) => `${column} ${operator} ${bound()}`).join(' and '),
    find: () => `tags && ${tagsOf([`list_tag.kind = '${column}'`, ...inBuckets()].join(' and '))}`,
    ...{ covered: true, rough: true, share, entries: buckets, bounds: column },
    ...(days && {
      find: () => `days && ${making.bind(`{${days.join(',')}}`, 'date[]')}`,
      entries: days.length,
    }),
    family: type === 'timestamptz' ? 'time' : column,
  };
}

const day = 86_400_000;
const mostDays = 40;

/** The days of a short time, since there is no index of birthdays but of the days that a text says. */
function daysBetween(first: Value, last: Value): string[] | null {
  const [from, to] = [first, last].map((value) => Date.parse(String(value))) as [number, number];
  if (!(to - from < mostDays * day) || !(from > Date.parse('0001-01-01'))) return null;
  return Array.from({ length: (to - from) / day + 1 }, (_, i) =>
    new Date(from + i * day).toISOString().slice(0, 10),
  );
}

/** The conditions of the ranges among the filters. */
export const rangeConditions = (filters: Filters, making: Making): Condition[] =>
  ranges.map((one) => range(one, filters, making)).filter((condition) => condition !== null);
