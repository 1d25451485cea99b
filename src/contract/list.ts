import { type Column, columns, orders } from './columns.ts';
import { listParameters } from './parameters.ts';
import { type Fault, unprocessable } from './problem.ts';
import { readQuery, unknownName } from './query.ts';
import { readSearch, type Search } from './search.ts';

/** The filters of a list request by parameter: texts as given, times in UTC with microseconds, bounds as integers. */
export type Filters = Record<string, string | number | boolean>;

export type Count = 'exact' | 'estimated' | 'none';

/** A parsed list request. */
export interface ListRequest {
  filters: Filters;
  search: Search | null;
  /** a sort of the list, or `relevance` */
  sort: string;
  descending: boolean;
  pageSize: number;
  /** null without a page number */
  page: number | null;
  cursor: string | null;
  count: Count;
}

/** Whether a server has cursors, and its default for `count`. */
export interface Traits {
  cursors: boolean;
  count: Count;
}

const notFilters = new Set(['search', 'sort_by', 'ordering', 'page_size', 'page', 'cursor', 'count']);

/**
 * A reader of the list parameters of a URL, for these columns and sorts. A sort by time or number is descending by
 * default. The reader throws one 422 that names every fault.
 */
export function listReader(
  declared: Readonly<Record<string, Column>>,
  sorts: Readonly<Record<string, readonly string[]>>,
  sortedBy: string,
) {
  const parameters = listParameters(declared, Object.keys(sorts));
  const isDescending = (sort: string) =>
    sort === 'relevance' || sorts[sort]!.every((name) => declared[name]!.type !== 'text');

  return (url: string, { cursors, count }: Traits): ListRequest => {
    const faults: Fault[] = [];
    const values: Record<string, string | number | boolean> = {};
    const query = readQuery(url, faults);
    for (const [name, text] of query) {
      const parameter = parameters[name];
      if (parameter === undefined || !Object.hasOwn(parameters, name)) {
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
    if (values.cursor !== undefined && !cursors) {
      faults.push({ parameter: 'cursor', message: 'is known to the optimized server only; use page' });
    } else if (values.cursor !== undefined && values.page !== undefined) {
      faults.push({ parameter: 'cursor', message: 'must not be combined with page' });
    }
    if (faults.length > 0) throw unprocessable(faults);
    const sort = (values.sort_by ?? sortedBy) as string;
    return {
      filters: Object.fromEntries(Object.entries(values).filter(([name]) => !notFilters.has(name))),
      search: values.search === undefined ? null : readSearch(values.search as string),
      sort,
      descending: values.ordering === undefined ? isDescending(sort) : values.ordering === 'descending',
      pageSize: (values.page_size as number) ?? 20,
      page: (values.page as number) ?? null,
      cursor: (values.cursor as string) ?? null,
      count: (values.count as Count) ?? count,
    };
  };
}

/** Reads the parameters of the customer list. */
export const readList = listReader(columns, orders, 'created');
