import { fold } from './fold.ts';

// Chooses the grams (substrings of four characters) by which the inverted index finds a substring of a text. All ids of a table
// may begin alike: a gram that every row has takes as long to look up as a rare one, and excludes no row.

const size = 4;
/** The most grams in one lookup; they find almost no false matches. */
const asked = 4;
/** A gram in more than this many times as many values as the rarest gram is not worth a lookup. Nor is it counted beyond one in so many. */
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
 * @param having how many of the `all` different values in the sample contain a lower-case text; it counts to `most` at the highest
 */
export function gramsToAsk(
  part: string,
  having: (text: string, most: number) => number,
  all: number,
): string[] {
  const counts = new Map<string, number>();
  let rarest = all / frequent;
  const most = () => frequent * Math.max(rarest + 1, all / rare);
  // From the end on, where texts that begin alike differ: once a gram is found to be rare, counts of frequent ones end early.
  const count = (grams: readonly string[]) => {
    for (const gram of grams.toReversed()) {
      if (counts.has(gram)) continue;
      const values = having(fold(gram), Math.min(all / frequent, most() + 1));
      counts.set(gram, values);
      rarest = Math.min(rarest, values);
    }
  };
  const grams = gramsOf(part);
  const first = spread(grams);
  count(first);
  // Mostly so. Each count reads all values of the sample, so the others are left out then.
  if (first.every((gram) => counts.get(gram)! <= (frequent * all) / rare)) return first;
  count(grams);
  return spread(grams.filter((gram) => counts.get(gram)! <= most()));
}

/** At most `asked` different ones, from the first to the last. */
function spread(grams: readonly string[]): string[] {
  const at = (step: number) => grams[Math.floor((step * (grams.length - 1)) / (asked - 1))]!;
  return [...new Set(Array.from({ length: asked }, (_, step) => at(step)))];
}
