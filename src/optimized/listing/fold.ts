// Lower case as PostgreSQL's C.UTF-8 has it: each character for itself, by Unicode's simple mapping. JavaScript knows of
// neighbours (a final sigma) and makes two characters of `İ`, and its tables may be newer or older.

const isAscii = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII characters
  /^[\x00-\x7f]*$/.test(text);

/** The text in lower case, each character for itself. */
export const fold = (text: string): string =>
  isAscii(text)
    ? text.toLowerCase()
    : Array.from(text, (character) => (character === 'İ' ? 'i' : character.toLowerCase())).join('');

/**
 * Whether `fold` surely does what PostgreSQL does: for all alphabets with two cases that are in everyday use. Beyond, the
 * two may follow different editions of Unicode, and PostgreSQL must decide. A test compares every code point.
 */
export const isFoldable = (text: string): boolean => /^[\t\u0020-\u0587\u3000-\u9fff]*$/.test(text);
