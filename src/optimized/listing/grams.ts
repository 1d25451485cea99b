import { fold } from './fold.ts';

// Chooses the grams (substrings of four characters) by which the inverted index finds a substring of a text. All ids of a table
// may begin alike: a gram that every row has takes as long to look up as a rare one, and excludes no row.

const size = 4;
/** The most grams in one lookup; they find almost no false matches. */
const asked = 4;
/** A gram in more than this many times as many values as the rarest gram is not worth a lookup. */
const frequent = 8;
/**
 * The rarest gram counts as one in at least this many values, so a gram in one of 64 or fewer is always looked up: its posting list
 * is short compared with the rows that it excludes.
 */
const rare = 512;

/** The grams of a text; a shorter text is its only gram. */
export function gramsOf(text: string): string[] {
  const characters = [...text];
  const count = Math.max(1, characters.length - size + 1);
  return Array.from({ length: count }, (_, at) => characters.slice(at, at + size).join(''));
}

/**
 * The grams to look up for texts that contain `part`: rare ones, spread over all of it. PostgreSQL converts them to lower case,
 * and looks up a `part` shorter than a gram as a prefix.
 *
 * @param having how many of the `all` different values in the sample contain a lower-case text
 */
export function gramsToAsk(part: string, having: (text: string) => number, all: number): string[] {
  const grams = gramsOf(part).map((gram) => ({ gram, values: having(fold(gram)) }));
  const rarest = Math.min(...grams.map(({ values }) => values));
  const most = frequent * Math.max(rarest + 1, all / rare);
  const worthwhile = grams.filter(({ values }) => values <= most).map(({ gram }) => gram);
  const at = (step: number) => worthwhile[Math.floor((step * (worthwhile.length - 1)) / (asked - 1))]!;
  return [...new Set(Array.from({ length: asked }, (_, step) => at(step)))];
}
