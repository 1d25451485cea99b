// How the text of `search` is read, before any database sees it. Both rooms get the same reading.

/**
 * A search in one of two readings. `words`: every word must match, one of the `numbers` among
 * them also as a substring of phone number, city code or street number. `query`: the text has operators, and
 * is one `websearch_to_tsquery` as it stands.
 */
export type Search =
  | { kind: 'words'; text: string; words: string[]; numbers: string[] }
  | { kind: 'query'; text: string };

/** The reading of `text`, which is not empty. */
export function readSearch(text: string): Search {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const operators = text.includes('"') || words.some((word) => word.startsWith('-') || /^or$/i.test(word));
  if (operators) return { kind: 'query', text };
  return { kind: 'words', text, words, numbers: words.filter((word) => /^\+?\d+$/.test(word)) };
}
