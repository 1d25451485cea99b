import { escapeLike } from '../contract/like.ts';
import type { Filters, ListRequest } from '../contract/list.ts';
import { type TextFilter, textFilters } from '../contract/parameters.ts';
import type { Search } from '../contract/search.ts';
import type { Parameter } from '../server/database.ts';
import { above, answering, containing, having, type Statistics, sayingWord } from './statistics.ts';

// Each filter as SQL, in two forms of the same truth: one to test a customer that is at hand, and one that an index
// answers for all customers.

export interface Condition {
  /** tests one row while an index is walked */
  test: string;
  /** finds the rows: what an index can answer, where there is one */
  find: string;
  /** the guessed share of customers that pass */
  share: number;
  /** whether `find` has an index */
  indexed: boolean;
  /** the column, where the condition is a part of a value of a column with few values, and how many of them it has */
  part?: { column: TextFilter; text: string; values: number };
  /** the column, where the condition bounds a column that lists are sorted by */
  bounds?: string;
}

/** Takes a value, and gives the text that stands for it in the statement. */
export type Bind = (value: Parameter, type: string) => string;

const unique = new Set<TextFilter>(['customer_id', 'phone_number']);

// A subselect makes the pattern once for the statement, and not once for each row.
const like = (column: string, part: string) => `lower(${column}) like (select '%' || lower(${part}) || '%')`;
const oneOf = (column: string, part: string) =>
  `${column} = any(array(select value from list_value where kind = '${column}' and folded like '%' || lower(${part}) || '%'))`;

function text(column: TextFilter, value: string, bind: Bind, statistics: Statistics): Condition {
  const part = bind(escapeLike(value), 'text');
  const { share, values } = containing(statistics, column, value);
  const test = like(column, part);
  if (unique.has(column)) {
    // Fewer than three characters make no trigram, and the index would be read as a whole.
    return {
      test,
      find: `lower(${column}) like '%' || lower(${part}) || '%'`,
      share,
      indexed: value.length > 2,
    };
  }
  return { test, find: oneOf(column, part), share, indexed: true, part: { column, text: value, values } };
}

const ranges: [keyof Filters, column: string, operator: '>=' | '<=', type: string][] = [
  ['birthday_after', 'birthday', '>=', 'date'],
  ['birthday_before', 'birthday', '<=', 'date'],
  ['created_after', 'created', '>=', 'timestamptz'],
  ['created_before', 'created', '<=', 'timestamptz'],
  ['last_updated_after', 'last_updated', '>=', 'timestamptz'],
  ['last_updated_before', 'last_updated', '<=', 'timestamptz'],
  ['active_from', 'last_activity', '>=', 'timestamptz'],
  ['active_before', 'last_activity', '<=', 'timestamptz'],
  ['min_points', 'points', '>=', 'bigint'],
  ['max_points', 'points', '<=', 'bigint'],
];

const both = (sql: string, share: number, more: Partial<Condition> = {}): Condition => ({
  test: sql,
  find: sql,
  share,
  indexed: false,
  ...more,
});

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
  if (filters.gender !== undefined) {
    all.push(both(`gender = ${bind(filters.gender, 'text')}`, having(statistics, 'gender', filters.gender)));
  }
  if (filters.has_address !== undefined) {
    all.push(
      both(`country is ${filters.has_address ? 'not null' : 'null'}`, filters.has_address ? 0.9 : 0.1),
    );
  }
  for (const [name, column, operator, type] of ranges) {
    const value = filters[name] as string | number | undefined;
    if (value === undefined) continue;
    const upper = above(statistics, column, value);
    const share = operator === '>=' ? upper : 1 - upper;
    all.push(both(`${column} ${operator} ${bind(value, type)}`, share, { indexed: true, bounds: column }));
  }
  if (search?.kind === 'query') all.push(query(bind(search.text, 'text'), answering(statistics, search)));
  else if (search) all.push(...words(search, bind, statistics));
  return all;
}

const tsquery = (word: string) => `websearch_to_tsquery('simple', ${word})`;

const query = (word: string, share: number): Condition => ({
  test: `document @@ (select ${tsquery(word)})`,
  find: `document @@ ${tsquery(word)}`,
  share,
  indexed: true,
});

// A word that the parser surely finds something in. `<b>` and `&amp;` are markup to it and hold nothing.
const searchable = (word: string) => /[a-z0-9]/i.test(word) && !/[<&]/.test(word);

function words(
  { words: all, numbers }: Extract<Search, { kind: 'words' }>,
  bind: Bind,
  statistics: Statistics,
) {
  const found: Condition[] = [];
  const plain = all.filter((word) => !numbers.includes(word));
  const sure = plain.filter(searchable);
  const anySure = sure.length > 0 || numbers.length > 0;
  for (const word of all) {
    if (!anySure) break;
    const bound = bind(word, 'text');
    const said = sayingWord(statistics, word);
    if (numbers.includes(word)) found.push(numberWord(word, bound, said, statistics));
    else if (searchable(word)) found.push(query(bound, said));
    else if (anySure) {
      found.push(
        both(`(select numnode(${tsquery(bound)}) = 0) or document @@ (select ${tsquery(bound)})`, 0.5),
      );
    }
  }
  // Nothing that surely says something: where all of it says nothing, nobody matches, as the empty query has it.
  if (!anySure) {
    const together = plain.map((word) => tsquery(bind(word, 'text'))).join(' && ');
    found.push(both(`document @@ (select ${together || tsquery("''")})`, 0.001, { indexed: true }));
  }
  return found;
}

function numberWord(word: string, bound: string, said: number, statistics: Statistics): Condition {
  const columns = ['phone_number', 'city_code', 'street_number'] as const;
  const shares = columns.map((column) => containing(statistics, column, word).share);
  const { test, find } = query(bound, said);
  return {
    test: [test, ...columns.map((column) => like(column, bound))].join(' or '),
    find: [
      find,
      `lower(phone_number) like '%' || ${bound} || '%'`,
      oneOf('city_code', bound),
      oneOf('street_number', bound),
    ].join(' or '),
    share: Math.min(
      1,
      shares.reduce((sum, share) => sum + share, said),
    ),
    indexed: word.length > 2,
  };
}
