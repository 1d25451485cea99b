import { escapeLike } from '../contract/like.ts';
import type { ListRequest } from '../contract/list.ts';
import { type Sort, type TextFilter, textFilters } from '../contract/parameters.ts';
import type { Parameter } from '../server/database.ts';
import { isFoldable } from './fold.ts';
import { containing, containingPart, isPart, longerParts, sharing } from './guesses.ts';
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
  /** the column, where lists can be sorted by it and the condition bounds it; and whether to its nulls */
  bounds?: string;
  nulls?: boolean;
  /** where the test is about values that have tags */
  tagged?: Tagged[];
  /** the one word of the text vector that it is about, where it is one and no more */
  word?: string;
  /** the tags that pass, where they are all known, and their kind, where it is one */
  tags?: Tag[];
  kind?: string;
}

/** A column of tags: who has one of the list there passes, if `but` holds. */
export interface Tagged {
  column: string;
  list: () => string;
  values: number;
  share: number;
  but: string;
  /** of these tags those that say a word once, where it is about one */
  single?: Pick<Tagged, 'list' | 'values' | 'share'>;
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

/** A list of tags: bound once, how many they are, and the share of customers who have one of them. */
export const listed = (tags: Tag[], { bind, statistics }: Pick<Making, 'bind' | 'statistics'>) => ({
  list: once(() => bind(idList(tags), 'integer[]')),
  values: tags.length,
  share: sharing(statistics, tags),
});

/** Whether the tags of a kind are all known, and which contain `text` as well. */
export const isKnown = ({ seen }: Statistics, kind: string, text: string) =>
  seen !== null && !seen.partial.has(kind) && isFoldable(text);

// Each tag of a list is one comparison for each row, so of more than a few a hash table is made. `is true` keeps the planner
// from making a join of it, which would lose the order.
const mostCompared = 20;
/** Whether a row's tag in `column` is one of so many in `list`. */
export const isAmong = (column: string, list: string, values: number) =>
  values > mostCompared ? `(${column} in (select unnest(${list}))) is true` : `${column} = any(${list})`;

function text(column: TextFilter, value: string, making: Making): Condition {
  const { bind, rely, statistics } = making;
  if (column === 'customer_id' || column === 'phone_number') return part(column, value, making);
  const tags = containing(statistics, column, value);
  const known = isKnown(statistics, column, value);
  const rest = {
    ...{ share: sharing(statistics, tags), entries: tags.length, ...(known && { kind: column, tags }) },
    family: column === 'country' || column.startsWith('city') ? 'place' : column,
  };
  if (known) rely();
  const list = once(() =>
    known
      ? bind(idList(tags), 'integer[]')
      : `(${tagsContaining(`= '${column}'`, bind(escapeLike(value), 'text'))})`,
  );
  return {
    ...{ ...rest, covered: true },
    test: () => isAmong(`${column}_tag`, list(), tags.length),
    find: () => `tags && ${list()}`,
    tagged: [{ column: `${column}_tag`, list, values: tags.length, share: rest.share, but: 'true' }],
  };
}

// A part of what is another for each customer.
function part(column: Unique, value: string, making: Making): Condition {
  const { bind, rely, statistics } = making;
  if (isKnown(statistics, `part_of_${column}`, value)) {
    rely();
    if (!isPart(statistics, column, value)) return nobody(column);
  }
  return {
    ...{ test: () => contains(column, bind(value, 'text')), covered: false, rough: true },
    ...partFound(column, value, making),
    ...{ share: containingPart(column, value), family: column },
  };
}

type Unique = 'customer_id' | 'phone_number';

/**
 * How the index finds a part of a text, if it can: it has those of four characters. Three of them, from the end where
 * values differ most, find next to nobody else. A part of three is found by all of four that are known to begin with it.
 */
export function partFound(
  column: Unique,
  value: string,
  { bind, rely, statistics }: Making,
): Pick<Condition, 'find' | 'entries'> {
  const parts = `parts_of(lower(${column}) || e'\\n')`;
  const end = [...value].slice(-6);
  if (end.length > 3) {
    const find = () => `${parts} @> (select parts_of(lower(${bind(end.join(''), 'text')})))`;
    return { find, entries: end.length - 3 };
  }
  if (end.length < 3 || !isKnown(statistics, `part_of_${column}`, value)) return { find: null, entries: 0 };
  rely();
  const longer = longerParts(statistics, column, value);
  return { find: () => `${parts} && ${bind(longer, 'text[]')}`, entries: longer.length };
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
    : {
        ...{ ...rest, nulls: true, share: 0.1, entries: 1 },
        test: () => `${column} is null`,
        find: () => 'tags @> array[-1]',
      };
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
