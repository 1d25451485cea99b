import type { ListRequest } from '../../contract/list.ts';
import type { Search } from '../../contract/search.ts';
import { fold, isFoldable } from './fold.ts';
import { columnOf, type Listing } from './listing.ts';
import type { Values } from './rows.ts';

// The conditions of a list for a row in memory: for the cache, which asks whether a change can change a page, and for
// estimates from a sample of rows. PostgreSQL decides what a list finds; where it may decide otherwise, the answer here
// is a guess.

/** A row, and the words of its text vector. */
export interface Version {
  values: Values;
  words: ReadonlySet<string>;
  /** the texts in lower case; null where PostgreSQL may fold them otherwise */
  folded: readonly (string | null)[];
}

export const version = (values: Values, words: Iterable<string>): Version => ({
  values,
  words: new Set(words),
  folded: values.map((value) => (typeof value === 'string' && isFoldable(value) ? fold(value) : null)),
});

/** Whether a row passes; null: PostgreSQL may see it otherwise than the guess. */
export type Verdict = boolean | null;
/** What becomes of a guess: itself for an estimate, null where it matters. */
export type Unsure = (guess: boolean) => Verdict;
export type Predicate = (version: Version) => Verdict;

/** The conditions of a list, by parameter; those of the search last, by its words. */
export function predicates(
  listing: Listing,
  { filters, search }: Pick<ListRequest, 'filters' | 'search'>,
  unsure: Unsure,
): Map<string, Predicate> {
  const all = new Map<string, Predicate>();
  for (const [parameter, value] of Object.entries(filters)) {
    const { column, operator } = listing.filters[parameter]!;
    const { at } = columnOf(listing, column);
    const bound = value as string | number;
    if (operator === 'contains') all.set(parameter, contains(at, String(value), unsure));
    else if (operator === 'equals') all.set(parameter, ({ values }) => values[at] === value);
    else if (operator === 'present') all.set(parameter, ({ values }) => (values[at] !== null) === value);
    // Times have one form here, so they compare as texts.
    else if (operator === 'from')
      all.set(parameter, ({ values }) => values[at] !== null && values[at]! >= bound);
    else all.set(parameter, ({ values }) => values[at] !== null && values[at]! <= bound);
  }
  if (search?.kind === 'query') all.set('search', query(search.text, unsure));
  if (search?.kind === 'words') {
    const numbers = listing.numbers.map((name) => columnOf(listing, name).at);
    for (const word of search.words)
      all.set(
        `search ${word}`,
        search.numbers.includes(word) ? number(word, numbers, unsure) : says(word, unsure),
      );
    // Without a word nothing is found.
    if (search.words.length === 0) all.set('search', () => false);
  }
  return all;
}

function contains(at: number, part: string, unsure: Unsure): Predicate {
  const folded = fold(part);
  const isSure = isFoldable(part);
  return ({ values, folded: texts }) => {
    const value = values[at] as string | null;
    if (value === null) return false;
    const text = texts[at];
    if (text === null || text === undefined) return unsure(fold(value).includes(folded));
    const found = text.includes(folded);
    return isSure ? found : unsure(found);
  };
}

// Only of ASCII letters alone is it sure that PostgreSQL's parser takes them as the one word that they are.
function says(word: string, unsure: Unsure): Predicate {
  const parts = fold(word)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
  if (/^[a-z]+$/i.test(word)) return ({ words }) => words.has(parts[0]!);
  return ({ words }) => unsure(parts.every((part) => words.has(part)));
}

function number(word: string, columns: number[], unsure: Unsure): Predicate {
  const digits = word.replace('+', '');
  return ({ values, words }) => {
    if (columns.some((at) => (values[at] as string | null)?.includes(word))) return true;
    if (digits === word) return words.has(word);
    return words.has(word) || words.has(digits) ? unsure(true) : false;
  };
}

// A search with operators is a guess: any alternative whose words are there and whose forbidden words are not.
function query(text: string, unsure: Unsure): Predicate {
  const wanted = alternatives(text).map((terms) =>
    terms.map(({ word, forbidden }) => ({ matches: says(word, (guess) => guess), forbidden })),
  );
  return (version) =>
    unsure(wanted.some((terms) => terms.every(({ matches, forbidden }) => matches(version) !== forbidden)));
}

interface Term {
  word: string;
  forbidden: boolean;
}

/** The alternatives of a search with operators, each with its words. An `or` beside nothing is no alternative. */
export function alternatives(text: string): Term[][] {
  const asked: Term[][] = [];
  let isBegun = false;
  for (const term of text.replaceAll(/(^|\s)-+\s*/g, ' -').match(/-?"[^"]*"?|[^\s"]+/g) ?? []) {
    const isOr = /^or$/i.test(term);
    if (!isOr && !isBegun) asked.push([]);
    isBegun = !isOr;
    const forbidden = term.startsWith('-');
    if (!isOr)
      for (const word of term.replace(/^-+/, '').match(/[^\s"]+/g) ?? [])
        asked.at(-1)!.push({ word, forbidden });
  }
  return asked;
}

/** Whether a search with operators can be found by its words: where each alternative has one that is wanted. */
export const isFindable = (search: Extract<Search, { kind: 'query' }>) =>
  alternatives(search.text).every((terms) => terms.some(({ forbidden }) => !forbidden));
