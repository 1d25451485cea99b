import { type ParameterName, parameters, type Sort } from './parameters.ts';
import { type Fault, unprocessable } from './problem.ts';
import { readQuery, unknownName } from './query.ts';
import { readSearch, type Search } from './search.ts';

type Values<Names extends string, T> = { [Name in Names]?: T };

/** The filters of a list request, canonical: texts as given, times in UTC with microseconds, bounds of points whole. */
export type Filters = Values<
  | 'first_name'
  | 'last_name'
  | 'customer_id'
  | 'phone_number'
  | 'country'
  | 'city'
  | 'city_code'
  | 'street'
  | 'street_number'
  | 'gender'
  | 'birthday_after'
  | 'birthday_before'
  | 'created_after'
  | 'created_before'
  | 'last_updated_after'
  | 'last_updated_before'
  | 'active_from'
  | 'active_before',
  string
> &
  Values<'min_points' | 'max_points', number> &
  Values<'has_address', boolean>;

export type Count = 'exact' | 'estimated' | 'none';

/** A list request that was understood. */
export interface ListRequest {
  filters: Filters;
  search: Search | null;
  sort: Sort;
  descending: boolean;
  pageSize: number;
  /** null where no page was asked for by number */
  page: number | null;
  cursor: string | null;
  count: Count;
}

const notFilters = new Set(['search', 'sort_by', 'ordering', 'page_size', 'page', 'cursor', 'count']);
const descendingByDefault = new Set<Sort>([
  'created',
  'last_activity',
  'last_updated',
  'points',
  'relevance',
]);

/**
 * Reads the list parameters of a URL. `room.cursors` says whether the room has cursors, `room.count` what it
 * counts when it is not told. Throws a 422 that names every fault at once.
 */
export function readList(url: string, room: { cursors: boolean; count: Count }): ListRequest {
  const faults: Fault[] = [];
  const values: Record<string, string | number | boolean> = {};
  const query = readQuery(url, faults);
  for (const [name, text] of query) {
    const parameter = parameters[name as ParameterName];
    if (!Object.hasOwn(parameters, name)) {
      faults.push({ parameter: name, message: unknownName(name, Object.keys(parameters)) });
    } else if (text.length > 200 && name !== 'cursor' && [...text].length > 200) {
      faults.push({ parameter: name, message: 'must be at most 200 characters' });
    } else if (text !== '') {
      const value = parameter.read(text);
      if (value === undefined) faults.push({ parameter: name, message: `must be ${parameter.allowed}` });
      else values[name] = value;
    }
  }
  if (values.sort_by === 'relevance' && values.search === undefined && !query.get('search')) {
    faults.push({ parameter: 'sort_by', message: 'relevance must come with search' });
  }
  if (values.cursor !== undefined && !room.cursors) {
    faults.push({ parameter: 'cursor', message: 'is known to the optimized server only; use page' });
  } else if (values.cursor !== undefined && values.page !== undefined) {
    faults.push({ parameter: 'cursor', message: 'must not be combined with page' });
  }
  if (faults.length > 0) throw unprocessable(faults);
  const sort = (values.sort_by ?? 'created') as Sort;
  return {
    filters: Object.fromEntries(Object.entries(values).filter(([name]) => !notFilters.has(name))) as Filters,
    search: values.search === undefined ? null : readSearch(values.search as string),
    sort,
    descending:
      values.ordering === undefined ? descendingByDefault.has(sort) : values.ordering === 'descending',
    pageSize: (values.page_size as number) ?? 20,
    page: (values.page as number) ?? null,
    cursor: (values.cursor as string) ?? null,
    count: (values.count as Count) ?? room.count,
  };
}
