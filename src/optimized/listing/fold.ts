// Folds case as PostgreSQL's C.UTF-8 does: character by character, by Unicode's simple mapping. JavaScript's mapping depends
// on neighbours (a final sigma), turns `İ` into two characters, and may follow a newer or older Unicode version.

const isAscii = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII characters
  /^[\x00-\x7f]*$/.test(text);

/** The text in lower case, mapped character by character. */
export const fold = (text: string): string =>
  isAscii(text)
    ? text.toLowerCase()
    : Array.from(text, (character) => (character === 'İ' ? 'i' : character.toLowerCase())).join('');

/**
 * Whether `fold` is certain to agree with PostgreSQL: it is for all alphabets with two cases in everyday use. Beyond them the
 * two may follow different Unicode versions, and PostgreSQL must decide. A test compares every code point.
 */
export const isFoldable = (text: string): boolean => /^[\t\u0020-\u0587\u3000-\u9fff]*$/.test(text);
