import type { TextFilter } from '../contract/parameters.ts';
import type { Search } from '../contract/search.ts';
import { fold } from './fold.ts';
import type { Statistics, Tag } from './statistics.ts';

// Which share of customers a condition finds, guessed in memory and without asking.

const shareOf = ({ total }: Statistics, customers: number) => Math.min(1, (customers + 1) / (total + 20));

/** The share of customers that have one of these tags. */
export const sharing = (statistics: Statistics, tags: Tag[]) =>
  shareOf(
    statistics,
    tags.reduce((sum, { customers }) => sum + customers, 0),
  );

// The values of all tags of a kind as one text, and where each begins: to look through it takes a tenth of the time that
// it takes to look into each.
const joinedOf = new WeakMap<Tag[], { text: string; starts: number[] }>();

function joined(tags: Tag[]) {
  const known = joinedOf.get(tags);
  if (known) return known;
  let length = 0;
  const starts = tags.map(({ value }) => {
    const start = length;
    length += value.length + 1;
    return start;
  });
  const made = { text: tags.map(({ value }) => value).join('\n'), starts };
  joinedOf.set(tags, made);
  return made;
}

// What was asked last: a statement is made after the way to it was chosen, from the same.
const lastContaining = new WeakMap<Tag[], { part: string; found: Tag[] }>();

/** The tags of `column` whose values contain `text`. */
export function containing({ tags }: Statistics, column: TextFilter, text: string): Tag[] {
  const all = tags.get(column) ?? [];
  const part = fold(text);
  const last = lastContaining.get(all);
  if (last?.part === part) return last.found;
  // What has a line feed may be found across two values.
  const found = part.includes('\n') ? all.filter(({ value }) => value.includes(part)) : having(all, part);
  lastContaining.set(all, { part, found });
  return found;
}

function having(all: Tag[], part: string): Tag[] {
  const { text, starts } = joined(all);
  const found: Tag[] = [];
  let at = text.indexOf(part);
  while (at >= 0 && found.length < all.length) {
    const place = placeIn(starts, at);
    found.push(all[place]!);
    const next = starts[place + 1];
    at = next === undefined ? -1 : text.indexOf(part, next);
  }
  return found;
}

/** The place of the last of `starts` that is not beyond `at`. */
function placeIn(starts: number[], at: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

const partsOf = new WeakMap<Tag[], Set<string>>();

// The parts of three characters, and the parts of these.
function knownParts(tags: Tag[]): Set<string> {
  const parts = partsOf.get(tags) ?? new Set<string>();
  if (parts.size > 0 || tags.length === 0) return parts;
  for (const { value } of tags) {
    for (let from = 0; from < value.length; from++) {
      for (let to = from + 1; to <= value.length; to++) parts.add(value.slice(from, to));
    }
  }
  partsOf.set(tags, parts);
  return parts;
}

/** Whether any value of the column may have `text`: by its parts of three characters. Only where these are known. */
export function isPart({ tags }: Statistics, column: 'customer_id' | 'phone_number', text: string): boolean {
  const part = fold(text);
  const parts = knownParts(tags.get(`part_of_${column}`) ?? []);
  if (part.length < 3) return parts.has(part);
  return Array.from({ length: part.length - 2 }, (_, i) => part.slice(i, i + 3)).every((three) =>
    parts.has(three),
  );
}

/** All parts of four characters that begin with these three: the end of a text counts as a line feed. */
export function longerParts(
  { tags }: Statistics,
  column: 'customer_id' | 'phone_number',
  text: string,
): string[] {
  const part = fold(text);
  const known = tags.get(`part_of_${column}`) ?? [];
  const following = known.filter(({ value }) => value.length > 2 && value.startsWith(part.slice(1)));
  return [...following.map(({ value }) => part[0] + value), `${part}\n`];
}

/** The share of customers whose value, which is another for each, contains `text`: the alphabet and the length decide. */
export function containingPart(column: 'customer_id' | 'phone_number', text: string): number {
  const [length, letters] = column === 'customer_id' ? [32, 16] : [13, 10];
  // A number has one plus, where it begins, and after it the code of a country, of which there are few.
  if (text.startsWith('+')) return 1 / letters ** Math.max(1, text.length - 3);
  return Math.min(1, Math.max(1, length - text.length + 1) / letters ** text.length);
}

/** The share of customers between two values of a column with buckets, and how many buckets these touch. */
export function between(statistics: Statistics, column: string, from: number, to: number) {
  let customers = 0;
  let buckets = 0;
  for (const tag of statistics.tags.get(column) ?? []) {
    const part = Math.min(to, tag.start + tag.width) - Math.max(from, tag.start);
    if (part < 0) continue;
    customers += (tag.customers * part) / tag.width;
    buckets += 1;
  }
  return { share: shareOf(statistics, customers), buckets };
}

/** The share of customers whose text has `word`; what is not common counts as next to nothing. */
export function saying(statistics: Statistics, word: string): number {
  const parts = fold(word)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const shares = parts.map((part) => {
    const said = statistics.words.get(part);
    if (!said) return shareOf(statistics, 10);
    return sharing(
      statistics,
      said.map(({ tag }) => tag),
    );
  });
  const together = shares.reduce((all, share) => all * share, 1);
  if (parts.length < 2) return together;
  // As one value, `O'Neil`, they are more frequent than chance would have them.
  const values = (['first_name', 'last_name', 'city', 'country', 'street'] as const).flatMap((kind) =>
    containing(statistics, kind, word),
  );
  return Math.max(together, sharing(statistics, values));
}

/**
 * The alternatives that a search with operators asks for, each as the words that it wants: none, where it only forbids
 * some. An `or` beside nothing is no alternative.
 */
export function alternatives({ text }: Extract<Search, { kind: 'query' }>): string[][] {
  const terms = text.replaceAll(/(^|\s)-+\s*/g, ' -').match(/-?"[^"]*"?|[^\s"]+/g) ?? [];
  const asked: string[][] = [];
  let isBegun = false;
  for (const term of terms) {
    const isOr = /^or$/i.test(term);
    if (!isOr && !isBegun) asked.push([]);
    isBegun = !isOr;
    if (!isOr && !term.startsWith('-')) asked.at(-1)!.push(...(term.match(/[^\s"]+/g) ?? []));
  }
  return asked;
}

/** The share of customers that a search with operators finds, roughly. What only forbids words finds nearly everybody. */
export function answering(statistics: Statistics, search: Extract<Search, { kind: 'query' }>): number {
  const shares = alternatives(search).map((words) =>
    words.length === 0 ? 0.9 : words.reduce((all, word) => all * saying(statistics, word), 1),
  );
  return Math.min(
    1,
    shares.reduce((all, share) => all + share, 0),
  );
}
