import { escapeLike } from '../contract/like.ts';
import type { Filters, ListRequest } from '../contract/list.ts';
import { type TextFilter, textFilters } from '../contract/parameters.ts';
import type { Search } from '../contract/search.ts';
import type { Parameter } from '../server/database.ts';
import { answering, containing, type Statistics, saying, tagged } from './statistics.ts';

// Each filter as SQL, in two forms: one that tests a customer at hand, and one that the index of words, tags and parts
// answers for all customers at once.

export interface Condition {
  /** tests one row */
  test: string;
  /** finds the rows by the index; null where it can't */
  find: string | null;
  /** `find` may find too much, and `test` must hold as well */
  rough?: boolean;
  /** the guessed share of customers that pass */
  share: number;
  /** how many entries of the index `find` reads */
  entries: number;
  /** the column, where the condition bounds a column that lists are sorted by */
  bounds?: string;
}

/** Takes a value, and gives the text that stands for it in the statement. */
export type Bind = (value: Parameter, type: string) => string;

// A subselect makes the pattern, or the list of tags, once for the statement and not once for each row.
const like = (column: string, part: string) => `lower(${column}) like (select '%' || lower(${part}) || '%')`;
const tags = (where: string) => `tags && array(select list_tag.id from list_tag where ${where})`;
const containedIn = (kinds: string, part: string) =>
  tags(`list_tag.kind ${kinds} and list_tag.folded like '%' || lower(${part}) || '%'`);

function text(column: TextFilter, value: string, bind: Bind, statistics: Statistics): Condition {
  const part = bind(escapeLike(value), 'text');
  const { share, values } = containing(statistics, column, value);
  const test = like(column, part);
  if (column !== 'customer_id' && column !== 'phone_number') {
    return { test, find: containedIn(`= '${column}'`, part), share, entries: values };
  }
  // Fewer than three characters make no trigram, and the index would be read as a whole. A few trigrams find next to
  // nobody else, and each further one is one more list to merge.
  const beginning = [...value].slice(0, 7).join('');
  // Bound again only where it differs: a walk tests and does not find, and PostgreSQL wants every parameter used. So
  // long a text is too rare to be walked to.
  const short = beginning === value ? part : bind(escapeLike(beginning), 'text');
  const find = beginning.length > 2 ? like(column, short) : null;
  return { test, find, rough: true, share, entries: beginning.length };
}

type Range = [column: string, operator: '>=' | '<=', type: string, bucket: (value: string) => string];

const week = (value: string) => `week_of(${value})`;
const hundred = (value: string) => `hundred_of(least(${value}, 2147483647)::integer)`;
const year = (value: string) => `year_of(${value})`;

const ranges: Partial<Record<keyof Filters, Range>> = {
  birthday_after: ['birthday', '>=', 'date', year],
  birthday_before: ['birthday', '<=', 'date', year],
  created_after: ['created', '>=', 'timestamptz', week],
  created_before: ['created', '<=', 'timestamptz', week],
  last_updated_after: ['last_updated', '>=', 'timestamptz', week],
  last_updated_before: ['last_updated', '<=', 'timestamptz', week],
  active_from: ['last_activity', '>=', 'timestamptz', week],
  active_before: ['last_activity', '<=', 'timestamptz', week],
  min_points: ['points', '>=', 'bigint', hundred],
  max_points: ['points', '<=', 'bigint', hundred],
};

// Close to the value's bucket, in the same order: this is for guessing alone.
const nearBucket = (value: string | number) =>
  typeof value === 'number' ? String(Math.floor(value / 100)).padStart(8, '0') : value;

function range(
  [column, operator, type, bucket]: Range,
  value: string | number,
  bind: Bind,
  statistics: Statistics,
) {
  const bound = bind(value, type);
  const near = nearBucket(value);
  const passes = (tag: string) => (operator === '>=' ? tag >= near.slice(0, tag.length) : tag <= near);
  const { share, values } = tagged(statistics, column, passes);
  const find = tags(`list_tag.kind = '${column}' and list_tag.value ${operator} ${bucket(bound)}`);
  const test = `${column} ${operator} ${bound}`;
  return { test, find, rough: true, share, entries: values, bounds: column } satisfies Condition;
}

/** The conditions of a request, all of which must hold. */
export function conditions(
  { filters, search }: ListRequest,
  bind: Bind,
  statistics: Statistics,
): Condition[] {
  const all: Condition[] = [];
  for (const name of textFilters) {
    if (filters[name] !== undefined) all.push(text(name, filters[name], bind, statistics));
  }
  const { gender, has_address } = filters;
  if (gender !== undefined) {
    const value = bind(gender, 'text');
    const { share } = tagged(statistics, 'gender', (tag) => tag === gender);
    const find = tags(`list_tag.kind = 'gender' and list_tag.value = ${value}`);
    all.push({ test: `gender = ${value}`, find, share, entries: 1 });
  }
  if (has_address === true) all.push({ test: 'country is not null', find: null, share: 0.9, entries: 0 });
  if (has_address === false)
    all.push({ test: 'country is null', find: 'tags @> array[-1]', share: 0.1, entries: 1 });
  for (const [name, bounds] of Object.entries(ranges)) {
    const value = filters[name as keyof Filters] as string | number | undefined;
    if (value !== undefined) all.push(range(bounds, value, bind, statistics));
  }
  if (search?.kind === 'query') all.push(query(bind(search.text, 'text'), answering(statistics, search)));
  else if (search) all.push(...words(search, bind, statistics));
  return all;
}

const tsquery = (word: string) => `websearch_to_tsquery('simple', ${word})`;

function query(word: string, share: number): Condition {
  const test = `document @@ (select ${tsquery(word)})`;
  return { test, find: test, share, entries: 1 };
}

// A word that the parser surely finds something in. `<b>` and `&amp;` are markup to it and hold nothing.
const searchable = (word: string) => /[a-z0-9]/i.test(word) && !/[<&]/.test(word);

function words(
  { words: all, numbers }: Extract<Search, { kind: 'words' }>,
  bind: Bind,
  statistics: Statistics,
) {
  const plain = all.filter((word) => !numbers.includes(word));
  const sure = plain.filter(searchable);
  const unsure = plain.filter((word) => !searchable(word));
  const found = numbers.map((word) => numberWord(word, bind(word, 'text'), statistics));
  if (sure.length > 0) {
    const share = sure.reduce((product, word) => product * saying(statistics, word), 1);
    found.push({ ...together(sure, bind), share });
  }
  // Where all of it says nothing, nobody matches, and so the empty query has it; else what says nothing is skipped.
  if (found.length === 0) found.push({ ...together(unsure, bind), share: 0 });
  else if (unsure.length > 0) {
    const { test } = together(unsure, bind);
    found.push({
      test: `${test.replace('document @@', 'numnode(')}) = 0 or ${test}`,
      find: null,
      share: 0.5,
      entries: 0,
    });
  }
  return found;
}

// All words as one query, so that the statement is the same for any number of them.
function together(all: string[], bind: Bind): Omit<Condition, 'share'> {
  const each = `unnest(${bind(all, 'text[]')}) word`;
  const joined = `string_agg('(' || ${tsquery('word')}::text || ')', ' & ') filter (where numnode(${tsquery('word')}) > 0)`;
  const test = `document @@ (select coalesce(${joined}, '')::tsquery from ${each})`;
  return { test, find: test, entries: all.length };
}

function numberWord(word: string, bound: string, statistics: Statistics): Condition {
  const columns = ['phone_number', 'city_code', 'street_number'] as const;
  const found = columns.map((column) => containing(statistics, column, word));
  const said = query(bound, saying(statistics, word));
  const phone = like('phone_number', bound);
  const find = [said.find, phone, containedIn(`in ('city_code', 'street_number')`, bound)].join(' or ');
  return {
    test: [said.test, ...columns.map((column) => like(column, bound))].join(' or '),
    find: word.length > 2 ? find : null,
    share: Math.min(
      1,
      found.reduce((sum, { share }) => sum + share, said.share),
    ),
    entries: 2 + found[1]!.values + found[2]!.values,
  };
}
