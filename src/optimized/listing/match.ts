import type { Operator } from '../../contract/columns.ts';
import { isIn, meaningOf, partsOf, type Query, type Understood } from '../search/meaning.ts';
import { fold, isFoldable } from './fold.ts';
import { columnOf, type Listing } from './listing.ts';
import type { Values } from './rows.ts';

// Evaluates the conditions of a list on rows in memory: for the cache, which checks whether a change can affect a page, and for
// estimates from the sample. PostgreSQL decides what a list contains; where it may decide differently, the verdict is a guess.

/** A row, and the words of its text vector. */
export interface Version {
  values: Values;
  words: ReadonlySet<string>;
  /** the texts in lower case; null for other values, and where PostgreSQL may fold differently */
  folded: readonly (string | null)[];
}

/** A row whose texts are folded on first use, since most conditions do not use them. */
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

/** Whether a row passes; null if PostgreSQL may decide differently from the guess. */
export type Verdict = boolean | null;
/** The verdict for a guess: the guess itself for an estimate, null where it must be certain. */
export type Unsure = (guess: boolean) => Verdict;

type Value = string | number | null;
/** The words of a row. */
type Words = Pick<ReadonlySet<string>, 'has'>;

/** One alternative of a condition: a test of one column's value, or of the words of a row. */
export type Part =
  | {
      at: number;
      passes: (value: Value, folded: string | null) => Verdict;
      /** a value passes exactly if it contains this lower-case text; or it is a bound, and all beyond passes */
      by?: { text: string } | 'from' | 'to';
    }
  | {
      /** the query of a text of the search; undefined if it is unknown, so that every row may pass */
      query: Query | undefined;
      passes: (words: Words) => Verdict;
    };

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

/** The conditions of a list, keyed by parameter; those of the search come last, keyed by word. */
export function predicates(
  listing: Listing,
  { filters, search, meanings }: Understood,
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
  if (!search) return all;
  const before = all.size;
  if (search.kind === 'words')
    for (const word of search.numbers) all.set(`search ${word}`, number(listing, word, unsure));
  for (const text of partsOf(search)) {
    const query = meaningOf(text, meanings);
    // A text without a lexeme is left out.
    if (query !== null)
      all.set(search.kind === 'words' ? `search ${text}` : 'search', [says(text, query, unsure)]);
  }
  // If no word yields a lexeme, nothing matches.
  if (all.size === before) all.set('search', []);
  return all;
}

type OfColumn = Omit<Extract<Part, { at: number }>, 'at'>;
type OfWords = Extract<Part, { query: unknown }>;

// Times have one text form here, so they compare as strings.
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

// Only a text of ASCII letters alone is certain to be one word to every PostgreSQL.
const says = (text: string, query: Query | undefined, unsure: Unsure): OfWords => ({
  query,
  passes(words) {
    const found = query === undefined || isIn(query, words);
    return /^[a-z]+$/i.test(text) ? found : unsure(found);
  },
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
  const query: Query = digits === word ? word : { operator: 'or', of: [word, digits] };
  const passes = (words: Words) => (isIn(query, words) ? digits === word || unsure(true) : false);
  return [...parts, { query, passes }];
}
