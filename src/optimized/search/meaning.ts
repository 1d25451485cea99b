import type { ListRequest } from '../../contract/list.ts';
import type { Search } from '../../contract/search.ts';
import type { Run } from '../../server/database.ts';
import meaningText from '../../sql/search/meaning.sql' with { type: 'text' };
import { fold } from '../listing/fold.ts';

// Determines the query (tsquery) that PostgreSQL makes of a search text. PostgreSQL's parser and case mapping follow its own Unicode
// version and the database's locale, so PostgreSQL parses every text unless the result is plain.

/** One word, or queries joined by an operator. `phrase`: side by side. */
export type Query = string | { operator: 'and' | 'or' | 'phrase' | 'not'; of: readonly Query[] };

/** The query of each text; null if the text has no lexeme. */
export type Meanings = ReadonlyMap<string, Query | null>;

/** A list request, and the queries of those search texts that are not plain. */
export type Understood = Pick<ListRequest, 'filters' | 'search'> & { meanings?: Meanings };

/** Letters and digits of well-known alphabets alone are one word, unless they begin like a number with an exponent. */
const isPlain = (text: string) => /^[0-9A-Za-zÀ-ÖØ-öø-ɏΑ-Ρα-ωА-я]+$/.test(text) && !/^\d+e\d/i.test(text);

/** The words of a date: the year, then the month and the day as negative numbers. */
const dateOf = (text: string) => /^(\d{4})(-\d\d)(-\d\d)$/.exec(text)?.slice(1);

/** The query of a text: null without a lexeme, undefined if the text is not plain and PostgreSQL has not parsed it. */
export function meaningOf(text: string, meanings?: Meanings): Query | null | undefined {
  const date = dateOf(text);
  if (date) return { operator: 'phrase', of: date };
  return isPlain(text) ? fold(text) : meanings?.get(text);
}

/** The texts of a search that are parsed separately: its words other than numbers, or all of it if it has operators. */
export const partsOf = (search: Search): string[] =>
  search.kind === 'query'
    ? [search.text]
    : [...new Set(search.words)].filter((word) => !search.numbers.includes(word));

/** Has PostgreSQL parse those search texts of a request that are not plain. */
export async function understand<R extends Understood>(run: Run, request: R): Promise<R & Understood> {
  const { search } = request;
  const texts = search ? partsOf(search).filter((text) => meaningOf(text) === undefined) : [];
  if (texts.length === 0) return request;
  const rows = await run<{ text: string; query: string }>(meaningText, [texts]);
  return { ...request, meanings: new Map(rows.map(({ text, query }) => [text, parsed(query)])) };
}

/**
 * Parses PostgreSQL's notation of a query; null if it is empty.
 * Source: https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
 */
export function parsed(notation: string): Query | null {
  const tokens = notation.match(/'(?:[^'\\]|''|\\.)*'|<(?:-|\d+)>|[&|!()]/gsu) ?? [];
  let at = 0;
  const joined = (operator: 'and' | 'or' | 'phrase', mark: RegExp, next: () => Query): Query => {
    const of = [next()];
    while (at < tokens.length && mark.test(tokens[at]!)) {
      at += 1;
      of.push(next());
    }
    return of.length === 1 ? of[0]! : { operator, of };
  };
  const either = (): Query => joined('or', /^\|$/, both);
  const both = (): Query => joined('and', /^&$/, beside);
  const beside = (): Query => joined('phrase', /^</, one);
  const one = (): Query => {
    const token = tokens[at++]!;
    if (token === '!') return { operator: 'not', of: [one()] };
    if (token !== '(') return token.slice(1, -1).replaceAll("''", "'").replaceAll(/\\(.)/gsu, '$1');
    const inner = either();
    at += 1;
    return inner;
  };
  return tokens.length > 0 ? either() : null;
}

/** A query in PostgreSQL's notation. */
export function notationOf(query: Query): string {
  if (typeof query === 'string') return `'${query.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  const of = query.of.map(notationOf);
  if (query.operator === 'not') return `!(${of[0]})`;
  return `(${of.join({ and: ' & ', or: ' | ', phrase: ' <-> ' }[query.operator])})`;
}

/**
 * The queries to look up in the inverted index: all match wherever `query` does, and none has `not` or `phrase`. There are none if `query`
 * can match without any word: for a negation alone GIN reads all of its entries, which takes longer than a scan of the table.
 */
export function askable(query: Query): Query[] {
  if (typeof query === 'string') return [query];
  if (query.operator === 'not') return [];
  const each = query.of.map(askable);
  if (query.operator !== 'or') return each.flat();
  if (each.some((one) => one.length === 0)) return [];
  return [{ operator: 'or', of: each.map((of) => (of.length === 1 ? of[0]! : { operator: 'and', of })) }];
}

/** The words of each alternative of a query without `not` and `phrase`. */
export const alternativesOf = (query: Query): string[][] =>
  typeof query === 'string'
    ? [[query]]
    : query.operator === 'or'
      ? query.of.flatMap(alternativesOf)
      : [query.of.flatMap((one) => alternativesOf(one).flat())];

/** Whether a query contains a phrase. */
export const hasPhrase = (query: Query): boolean =>
  typeof query !== 'string' && (query.operator === 'phrase' || query.of.some(hasPhrase));

/** Whether the words of a row match a query; whether those of a phrase are side by side is not checked. */
export function isIn(query: Query, words: Pick<ReadonlySet<string>, 'has'>): boolean {
  if (typeof query === 'string') return words.has(query);
  if (query.operator === 'not') return !isIn(query.of[0]!, words);
  return query.operator === 'or'
    ? query.of.some((one) => isIn(one, words))
    : query.of.every((one) => isIn(one, words));
}
