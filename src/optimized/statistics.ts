import type { TextFilter } from '../contract/parameters.ts';
import type { Search } from '../contract/search.ts';
import { runner, type Sql } from '../server/database.ts';
import statisticsText from '../sql/optimized/statistics.sql' with { type: 'text' };

// Which statement is the fastest depends on how many customers match. This guesses it from the counted tags, in memory
// and without asking. A wrong or old guess costs time, never a right answer.

export interface Statistics {
  /** customers */
  total: number;
  /** by kind of tag: its values, folded and in order, with the customers that have each */
  tags: Map<string, [value: string, customers: number][]>;
  /** the words of the common values, with the customers that have each */
  words: Map<string, number>;
}

// Kinds whose values are words of the text vector; of the buckets of time the first word is the year.
const spoken = new Set([
  'first_name',
  'last_name',
  'country',
  'city',
  'city_code',
  'street',
  'street_number',
  'birthday',
]);

/** Reads what is known of the tags. */
export async function readStatistics(sql: Sql): Promise<Statistics> {
  const rows = await runner(sql)<{ kind: string; values: string; customers: string }>(statisticsText, []);
  const statistics: Statistics = { total: 0, tags: new Map(), words: new Map() };
  const { tags, words } = statistics;
  for (const { kind, values, customers } of rows) {
    const counts: number[] = JSON.parse(customers);
    tags.set(
      kind,
      (JSON.parse(values) as string[]).map((value, i) => [value, counts[i]!]),
    );
  }
  for (const [kind, values] of tags) {
    for (const [value, customers] of values) {
      const said = spoken.has(kind)
        ? value.split(/[^\p{L}\p{N}]+/u)
        : kind === 'last_activity'
          ? [value.slice(0, 4)]
          : [];
      for (const word of said) words.set(word, (words.get(word) ?? 0) + customers);
    }
  }
  statistics.total = tags.get('created')?.reduce((sum, [, customers]) => sum + customers, 0) ?? 0;
  return statistics;
}

const shareOf = ({ total }: Statistics, customers: number) => Math.min(1, (customers + 1) / (total + 20));

/** The share of customers whose `column` contains `text`, and how many of its values do. */
export function containing(statistics: Statistics, column: TextFilter, text: string) {
  const length = column === 'customer_id' ? 32 : column === 'phone_number' ? 13 : 0;
  // Where every value is another none is common: there the alphabet and the length decide.
  if (length > 0) {
    const letters = column === 'customer_id' ? 16 : 10;
    const places = Math.max(1, length - text.length + 1);
    return { share: Math.min(1, places / letters ** text.length), values: statistics.total };
  }
  const part = text.toLowerCase();
  let customers = 0;
  let values = 0;
  for (const [value, count] of statistics.tags.get(column) ?? []) {
    if (!value.includes(part)) continue;
    customers += count;
    values += 1;
  }
  return { share: shareOf(statistics, customers), values };
}

/** The share of customers that have a tag of `kind` whose value passes, and how many values do. */
export function tagged(statistics: Statistics, kind: string, passes: (value: string) => boolean) {
  const found = (statistics.tags.get(kind) ?? []).filter(([value]) => passes(value));
  const customers = found.reduce((sum, [, count]) => sum + count, 0);
  return { share: shareOf(statistics, customers), values: found.length };
}

/** The share of customers whose text has `word`; what is not common counts as next to nothing. */
export const saying = (statistics: Statistics, word: string): number =>
  word
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .reduce((share, part) => share * shareOf(statistics, statistics.words.get(part) ?? 10), 1);

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
