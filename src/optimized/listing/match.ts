import type { Operator } from '../../contract/columns.ts';
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

/** A row; its texts are folded when first asked for, since most conditions do not ask. */
export function version(values: Values, words: Iterable<string>): Version {
  let folded: Version['folded'] | undefined;
  const made = () =>
    values.map((value) => (typeof value === 'string' && isFoldable(value) ? fold(value) : null));
  return {
    ...{ values, words: new Set(words) },
    get folded() {
      folded ??= made();
      return folded;
    },
  };
}

/** Whether a row passes; null: PostgreSQL may see it otherwise than the guess. */
export type Verdict = boolean | null;
/** What becomes of a guess: itself for an estimate, null where it matters. */
export type Unsure = (guess: boolean) => Verdict;

type Value = string | number | null;
/** The words of a row. */
type Words = Pick<ReadonlySet<string>, 'has'>;

/** What a condition says of a value of one column, or of the words of a row. */
export type Part =
  | {
      at: number;
      passes: (value: Value, folded: string | null) => Verdict;
      /** a value passes exactly if it contains this text in lower case; or it is a bound, and what lies beyond passes too */
      by?: { text: string } | 'from' | 'to';
    }
  | (Term & {
      /** of a search with operators, what is wanted in each alternative */
      alternatives?: readonly (readonly Term[])[];
      passes: (words: Words) => Verdict;
    });

/** What is searched for between two spaces. */
export interface Term {
  /** a row passes exactly if it has all of these words; null where it is not that simple */
  all: readonly string[] | null;
  /** or if it has this word, which PostgreSQL's parser may leave as it is, such as the name of a host */
  whole?: string;
}

/** A condition: a row passes if any part does. */
export type Predicate = readonly Part[];

/** Whether a row passes a condition. */
export function judge(predicate: Predicate, { values, folded, words }: Version): Verdict {
  let verdict: Verdict = false;
  for (const part of predicate) {
    const found = 'at' in part ? part.passes(values[part.at]!, folded[part.at]!) : part.passes(words);
    if (found === true) return true;
    if (found === null) verdict = null;
  }
  return verdict;
}

/** Whether a row passes all conditions. */
export function judgeAll(all: readonly Predicate[], version: Version): Verdict {
  const verdicts = all.map((predicate) => judge(predicate, version));
  return verdicts.includes(false) ? false : verdicts.includes(null) ? null : true;
}

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
    all.set(parameter, [
      { at, ...(operator === 'contains' ? contains(String(value), unsure) : comparison(operator, value)) },
    ]);
  }
  if (search?.kind === 'query') all.set('search', [query(search.text, unsure)]);
  if (search?.kind === 'words') {
    // A word without a letter or digit is left out in all likelihood; where there is no other, it finds what has it as it is.
    const isEmpty = !search.words.some(isSpoken);
    for (const word of search.words)
      all.set(
        `search ${word}`,
        search.numbers.includes(word)
          ? number(listing, word, unsure)
          : [isEmpty ? asItIs(word, unsure) : says(word, unsure)],
      );
    // Without a word nothing is found.
    if (search.words.length === 0) all.set('search', []);
  }
  return all;
}

type OfColumn = Omit<Extract<Part, { at: number }>, 'at'>;
type OfWords = Extract<Part, { all: unknown }>;

// Times have one form here, so they compare as texts.
function comparison(operator: Operator, bound: string | number | boolean): OfColumn {
  if (operator === 'equals') return { passes: (value) => value === bound };
  if (operator === 'present') return { passes: (value) => (value !== null) === bound };
  const limit = bound as string | number;
  return operator === 'from'
    ? { passes: (value) => value !== null && value >= limit, by: operator }
    : { passes: (value) => value !== null && value <= limit, by: 'to' };
}

function contains(part: string, unsure: Unsure): OfColumn {
  const text = fold(part);
  const isSure = isFoldable(part);
  const passes: OfColumn['passes'] = (value, folded) => {
    if (value === null) return false;
    if (folded === null) return unsure(fold(String(value)).includes(text));
    const found = folded.includes(text);
    return isSure ? found : unsure(found);
  };
  return { passes, by: { text } };
}

/** Whether a word has a letter or digit, and so in all likelihood something searchable. */
export const isSpoken = (word: string) => /[\p{L}\p{N}]/u.test(word);

/** The words that PostgreSQL's parser in all likelihood finds in one: it takes a date for a number and two negative ones. */
export const partsOf = (word: string): string[] => fold(word).match(/(?<=\d)-\d+|[\p{L}\p{N}]+/gu) ?? [];

// Only of ASCII letters alone is it sure that PostgreSQL's parser takes them as the one word that they are.
function says(word: string, unsure: Unsure): OfWords {
  const all = partsOf(word);
  const whole = fold(word);
  const isSure = /^[a-z]+$/i.test(word);
  return {
    all,
    whole,
    passes(words) {
      const found = words.has(whole) || all.every((part) => words.has(part));
      return isSure ? found : unsure(found);
    },
  };
}

/** What has neither letter nor digit PostgreSQL may still take for a word, such as a flag. */
const asItIs = (word: string, unsure: Unsure): OfWords => ({
  all: null,
  passes: (words) => unsure(words.has(fold(word))),
});

function number(listing: Listing, word: string, unsure: Unsure): Predicate {
  const parts = listing.numbers.map((name): Part => {
    const { at } = columnOf(listing, name);
    return {
      at,
      passes: (value: Value) => (value as string | null)?.includes(word) ?? false,
      by: { text: word },
    };
  });
  const digits = word.replace('+', '');
  if (digits === word) return [...parts, { all: [word], passes: (words: Words) => words.has(word) }];
  const passes = (words: Words) => (words.has(word) || words.has(digits) ? unsure(true) : false);
  return [...parts, { all: null, passes }];
}

// A search with operators is a guess: any alternative whose words are there and whose forbidden words are not.
function query(text: string, unsure: Unsure): OfWords {
  const spoken = alternatives(text).map((terms) => terms.filter(({ word }) => isSpoken(word)));
  const wanted = spoken
    .filter((terms) => terms.length > 0)
    .map((terms) => terms.map(({ word, forbidden }) => ({ ...says(word, (guess) => guess), forbidden })));
  const passes = (words: Words) =>
    unsure(wanted.some((terms) => terms.every((term) => term.passes(words) !== term.forbidden)));
  return {
    ...{ all: null, passes },
    alternatives: wanted.map((terms) => terms.filter(({ forbidden }) => !forbidden)),
  };
}

interface Operand {
  word: string;
  forbidden: boolean;
}

/**
 * The alternatives of a search with operators, each with its words. As PostgreSQL reads it, `or` is an operator where it stands
 * between two operands and is no part of a word; else it is a word.
 */
export function alternatives(text: string): Operand[][] {
  const asked: Operand[][] = [[]];
  const joined = text.replaceAll(/(^|\s)-+\s*/g, ' -');
  for (const { 0: term, index } of joined.matchAll(/-?"[^"]*"?|[^\s"]+/g)) {
    const isOr = asked.at(-1)!.length > 0 && isOperator.test(joined.slice(index));
    if (isOr) asked.push([]);
    const forbidden = term.startsWith('-');
    const said = isOr ? term.slice(2) : term.replace(/^-+/, '');
    for (const word of said.match(/[^\s"]+/g) ?? []) asked.at(-1)!.push({ word, forbidden });
  }
  return asked;
}

/** `or`, then one character that no word goes on with, then anything but space. */
const isOperator = /^or[^\p{L}\p{N}_-]\s*\S/iu;

/**
 * Whether PostgreSQL may see a minus sign within a word as an operator, as in `(-a)` or `<!--a`: behind what it skips as another one.
 * For what lacks a word the inverted index goes through all of its entries, which takes longer than to scan the table.
 */
export const mayForbid = (word: string) => /[!&|()<]-/.test(word);

/** Whether a search with operators can be found by its words: where each alternative has one that is surely wanted, or forbids none. */
export const isFindable = (search: Extract<Search, { kind: 'query' }>) =>
  alternatives(search.text).every((terms) => {
    const wanted = terms.filter(({ word, forbidden }) => !forbidden && !mayForbid(word));
    return wanted.length === terms.length || wanted.some(({ word }) => isSpoken(word));
  });
