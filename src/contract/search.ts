// Parses the text of `search` before any database gets it. Both servers use the result.

/**
 * A search in one of two forms. `words`: every word must match, those in `numbers` also as a substring of phone number,
 * city code or street number. `query`: the text has operators and goes to `websearch_to_tsquery` unchanged.
 */
export type Search =
  | { kind: 'words'; text: string; words: string[]; numbers: string[] }
  | { kind: 'query'; text: string };

/** Parses a search; `text` must not be empty. */
export function readSearch(text: string): Search {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const operators = text.includes('"') || words.some((word) => word.startsWith('-') || /^or$/i.test(word));
  if (operators) return { kind: 'query', text };
  return { kind: 'words', text, words, numbers: words.filter((word) => /^\+?\d+$/.test(word)) };
}
