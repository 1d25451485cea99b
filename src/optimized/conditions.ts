import { escapeLike } from '../contract/like.ts';
import type { ListRequest } from '../contract/list.ts';
import { type Sort, type TextFilter, textFilters } from '../contract/parameters.ts';
import type { Parameter } from '../server/database.ts';
import { isFoldable } from './fold.ts';
import { containing, containingPart, isPart, sharing } from './guesses.ts';
import { rangeConditions } from './ranges.ts';
import type { Statistics, Tag } from './statistics.ts';
import { searchConditions } from './words.ts';

// Each filter as SQL: as a test of a customer at hand, and as what an index is asked to find customers. Each form binds
// its values when it is called for, since PostgreSQL wants every parameter of a statement used.

export interface Condition {
  /** tests one row */
  test: () => string;
  /** the columns that `test` reads are in every index that lists are read by (103_indexes.sql) */
  covered: boolean;
  /** finds the rows by the index of words, tags and parts; null where it can't */
  find: (() => string) | null;
  /** `find` may find too much, and `test` must hold as well */
  rough?: boolean;
  /** the guessed share of customers that pass */
  share: number;
  /** how many entries of that index `find` reads */
  entries: number;
  /** the same among those who pass the conditions of its family before it, where that is known to be another */
  given?: number;
  /** conditions of one family go together: a city and its country, one date and another */
  family: string;
  /** the column, where lists can be sorted by it and the condition bounds it */
  bounds?: string;
  /** where the test is about values that have tags: the columns of the tags, and for each the list of those that pass */
  tagged?: { column: string; list: () => string; values: number }[];
  /** the tags that pass, where they are all known, and their kind, where it is one */
  tags?: Tag[];
  kind?: string;
}

/** What conditions are made with. */
export interface Making {
  /** takes a value, and gives the text that stands for it in the statement */
  bind: (value: Parameter, type: string) => string;
  /** notes that the statement relies on the tags that are known */
  rely: () => void;
  statistics: Statistics;
  /** what the list is sorted by */
  sort: Sort;
}

/** `column` contains the text `part`, in any case. Not `like`, for which the planner would read the whole index. */
export const contains = (column: string, part: string) =>
  `strpos(lower(${column}), (select lower(${part}))) > 0`;

/** The list of the tags that pass `where`: made once for the statement and not once for each row. */
export const tagsOf = (where: string) => `array(select list_tag.id from list_tag where ${where})`;

/** The list of the tags of one or more kinds whose values contain the pattern `part`. */
export const tagsContaining = (kinds: string, part: string) =>
  tagsOf(`list_tag.kind ${kinds} and list_tag.folded like '%' || lower(${part}) || '%'`);

/** Binds once, however often it is called for. */
export function once(make: () => string): () => string {
  let made: string | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

export const idList = (tags: { id: number }[]) => `{${tags.map(({ id }) => id).join(',')}}`;

/** Whether the tags of a kind are all known, and which contain `text` as well. */
export const isKnown = ({ seen }: Statistics, kind: string, text: string) =>
  seen !== null && !seen.partial.has(kind) && isFoldable(text);

// Longer lists of tags cost more than they save: each is one comparison for each row.
const mostTags = 1000;

function text(column: TextFilter, value: string, making: Making): Condition {
  const { bind, rely, statistics } = making;
  if (column === 'customer_id' || column === 'phone_number') return part(column, value, making);
  const tags = containing(statistics, column, value);
  const known = isKnown(statistics, column, value);
  const rest = {
    ...{ share: sharing(statistics, tags), entries: tags.length, ...(known && { kind: column, tags }) },
    family: column === 'country' || column.startsWith('city') ? 'place' : column,
  };
  if (tags.length > mostTags) {
    const test = () => contains(column, bind(value, 'text'));
    const find = () => `tags && ${tagsContaining(`= '${column}'`, bind(escapeLike(value), 'text'))}`;
    return { ...rest, test, covered: false, find };
  }
  if (known) rely();
  const list = once(() =>
    known
      ? bind(idList(tags), 'integer[]')
      : `(${tagsContaining(`= '${column}'`, bind(escapeLike(value), 'text'))})`,
  );
  return {
    ...{ ...rest, covered: true },
    test: () => `${column}_tag = any(${list()})`,
    find: () => `tags && ${list()}`,
    tagged: [{ column: `${column}_tag`, list, values: tags.length }],
  };
}

// A part of what is another for each customer. The index has parts of four characters. Three of them, from the end where
// values differ most, find next to nobody else.
function part(column: 'customer_id' | 'phone_number', value: string, making: Making): Condition {
  const { bind, rely, statistics } = making;
  if (isKnown(statistics, `part_of_${column}`, value)) {
    rely();
    if (!isPart(statistics, column, value)) return nobody(column);
  }
  const end = [...value].slice(-6);
  const find = () => `parts_of(lower(${column})) @> (select parts_of(lower(${bind(end.join(''), 'text')})))`;
  return {
    ...{ test: () => contains(column, bind(value, 'text')), covered: false, rough: true },
    find: end.length > 3 ? find : null,
    ...{ share: containingPart(column, value), family: column, entries: end.length - 3 },
  };
}

/** A condition that nobody passes. */
export const nobody = (family: string): Condition => ({
  ...{ test: () => 'false', covered: true, find: () => 'false', share: 0, family, entries: 0 },
  tags: [],
});

function gender(value: string, { bind, statistics }: Making): Condition {
  const bound = once(() => bind(value, 'text'));
  const tags = (statistics.tags.get('gender') ?? []).filter((tag) => tag.value === value);
  const find = () => `tags && ${tagsOf(`list_tag.kind = 'gender' and list_tag.value = ${bound()}`)}`;
  const share = sharing(statistics, tags);
  return { test: () => `gender = ${bound()}`, covered: true, find, share, family: 'gender', entries: 1 };
}

function address(has: boolean, { sort }: Making): Condition {
  // Where the list is sorted by a part of the address, this is where it begins or ends.
  const bounds = sort === 'city' || sort === 'country' ? { bounds: sort } : {};
  const column = bounds.bounds ?? 'country_tag';
  const rest = { covered: true, family: 'address', ...bounds };
  return has
    ? { ...rest, test: () => `${column} is not null`, find: null, share: 0.9, entries: 0 }
    : { ...rest, test: () => `${column} is null`, find: () => 'tags @> array[-1]', share: 0.1, entries: 1 };
}

/** The conditions of a request, all of which must hold. */
export function conditions({ filters, search, sort }: ListRequest, using: Omit<Making, 'sort'>): Condition[] {
  const making = { ...using, sort };
  const all: Condition[] = [];
  for (const name of textFilters) {
    if (filters[name] !== undefined) all.push(text(name, filters[name], making));
  }
  if (filters.gender !== undefined) all.push(gender(filters.gender, making));
  if (filters.has_address !== undefined) all.push(address(filters.has_address, making));
  all.push(...rangeConditions(filters, making));
  if (search) all.push(...searchConditions(search, making));
  return all;
}
