import { fold } from './fold.ts';

// Grams: the parts of four characters of a text, by which the inverted index finds a part of it. All ids of a table may begin
// alike: a gram that every row has takes as long to look for as one that few have, and leaves out nothing.

const size = 4;
/** Of many grams so many are asked for; they find next to nothing else. */
const asked = 4;
/** A gram that so many times as many values have as have the rarest one is not worth asking for, unless it is rare itself. */
const frequent = 8;
/** One of so many values is rare: its list is short beside the rows that it leaves out. */
const rare = 512;

/** The grams of a text. */
export function gramsOf(text: string): string[] {
  const characters = [...text];
  const count = Math.max(1, characters.length - size + 1);
  return Array.from({ length: count }, (_, at) => characters.slice(at, at + size).join(''));
}

/**
 * The grams to ask the inverted index for where a text is to contain `part`, which PostgreSQL brings to lower case: rare ones,
 * from all over it. One of fewer characters than a gram has is the beginning of some.
 *
 * @param having how many values of the sample contain a text in lower case, of `all`
 */
export function gramsToAsk(part: string, having: (text: string) => number, all: number): string[] {
  const grams = gramsOf(part).map((gram) => ({ gram, values: having(fold(gram)) }));
  const rarest = Math.min(...grams.map(({ values }) => values));
  const most = frequent * Math.max(rarest + 1, all / rare);
  const worthwhile = grams.filter(({ values }) => values <= most).map(({ gram }) => gram);
  const at = (step: number) => worthwhile[Math.floor((step * (worthwhile.length - 1)) / (asked - 1))]!;
  return [...new Set(Array.from({ length: asked }, (_, step) => at(step)))];
}
