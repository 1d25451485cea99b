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

// What was asked last: a statement is made after the way to it was chosen, from the same.
const lastContaining = new WeakMap<Tag[], { part: string; found: Tag[] }>();

/** The tags of `column` whose values contain `text`. */
export function containing({ tags }: Statistics, column: TextFilter, text: string): Tag[] {
  const all = tags.get(column) ?? [];
  const part = fold(text);
  const last = lastContaining.get(all);
  if (last?.part === part) return last.found;
  const found = all.filter(({ value }) => value.includes(part));
  lastContaining.set(all, { part, found });
  return found;
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

/** The share of customers whose value, which is another for each, contains `text`: the alphabet and the length decide. */
export function containingPart(column: 'customer_id' | 'phone_number', text: string): number {
  const [length, letters] = column === 'customer_id' ? [32, 16] : [13, 10];
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
export const saying = (statistics: Statistics, word: string): number =>
  word
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .reduce((share, part) => {
      const said = statistics.words.get(part);
      return (
        share *
        (said
          ? sharing(
              statistics,
              said.map(({ tag }) => tag),
            )
          : shareOf(statistics, 10))
      );
    }, 1);

/** The share of customers that a search with operators finds, roughly. */
export function answering(statistics: Statistics, search: Extract<Search, { kind: 'query' }>): number {
  const words = search.text.replaceAll('"', ' ').split(/\s+/).filter(Boolean);
  const wanted = words.filter((word) => !word.startsWith('-') && !/^or$/i.test(word));
  if (wanted.length === 0) return 0.9;
  const shares = wanted.map((word) => saying(statistics, word));
  const either = words.some((word) => /^or$/i.test(word));
  return either
    ? Math.min(
        1,
        shares.reduce((sum, share) => sum + share),
      )
    : shares.reduce((all, share) => all * share);
}
