import { LRUCache } from 'lru-cache';
import type { Search } from '../contract/search.ts';
import { isDate } from '../contract/times.ts';
import type { Run } from '../server/database.ts';
import parseText from '../sql/optimized/parse.sql' with { type: 'text' };

// What a word of a search means is decided by PostgreSQL alone: its parser and its case mapping follow its own edition of
// Unicode and the database's locale. A word is parsed once and then remembered, since the result never changes.

/** A parsed word. */
export interface Parsed {
  /** The parser finds no lexeme in the word, so the search skips it. */
  isEmpty: boolean;
  /** The one lexeme that a text must have; a compound `a-b` stands for its parts, too. Null where it takes several. */
  lexeme: string | null;
}

/** By word as it is written in the search. A word that is missing here has not been parsed. */
export type Lexemes = ReadonlyMap<string, Parsed>;

const mostRemembered = 10_000;
const none: Lexemes = new Map();
// ASCII letters are one lexeme whatever the locale, and numbers and dates are looked for otherwise: they need no parser.
const isPlain = (word: string) => /^[a-z]+$/i.test(word);

/** What is known of a word; null where it must be parsed first. */
export const parsedWord = (word: string, lexemes: Lexemes = none): Parsed | null =>
  isPlain(word) ? { isEmpty: false, lexeme: word.toLowerCase() } : (lexemes.get(word) ?? null);

/** A parser of the words of searches, with a memory of its own; one statement for all words that are new. */
export function createParser() {
  const remembered = new LRUCache<string, Parsed>({ max: mostRemembered });
  return async (run: Run, search: Search | null): Promise<Lexemes> => {
    if (search?.kind !== 'words') return none;
    const lexemes = new Map<string, Parsed>();
    const unknown: string[] = [];
    for (const word of new Set(search.words)) {
      if (isPlain(word) || isDate(word) || search.numbers.includes(word)) continue;
      const known = remembered.get(word);
      if (known) lexemes.set(word, known);
      else unknown.push(word);
    }
    if (unknown.length === 0) return lexemes;
    for (const { word, query } of await run<{ word: string; query: string }>(parseText, [unknown])) {
      const parsed = { isEmpty: query === '', lexeme: lexemeOf(query) };
      remembered.set(word, parsed);
      lexemes.set(word, parsed);
    }
    return lexemes;
  };
}

/** The lexeme of a query of one; of `'a-b' <-> 'a' <-> 'b'`, as a compound is parsed, the whole. */
function lexemeOf(query: string): string | null {
  if (!/^'[^'\\]+'( <-> '[^'\\]+')*$/.test(query)) return null;
  const [whole, ...parts] = query.slice(1, -1).split("' <-> '");
  return parts.length === 0 || parts.join('-') === whole ? whole! : null;
}
