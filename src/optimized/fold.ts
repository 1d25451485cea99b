// Lower case as PostgreSQL's C.UTF-8 has it: each character for itself, by Unicode's simple mapping. JavaScript knows of
// neighbours (a final sigma) and of letters that become two, and its tables may be newer or older.

/** The text in lower case, each character for itself. */
export const fold = (text: string): string => [...text].map((character) => character.toLowerCase()).join('');

/** Whether `fold` surely does what PostgreSQL does: for all alphabets with two cases that are in everyday use. */
export const isFoldable = (text: string): boolean =>
  /^[\t\u0020-\u0587\u3000-\u9fff]*$/.test(text.replaceAll('İ', '\0'));
