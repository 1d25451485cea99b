import type { TextFilter } from '../contract/parameters.ts';
import type { Search } from '../contract/search.ts';
import { rfc3339 } from '../contract/times.ts';
import { runner, type Sql } from '../server/database.ts';
import statisticsText from '../sql/optimized/statistics.sql' with { type: 'text' };

// Which statement is the fastest depends on how many customers match. This guesses it from the statistics of the last
// analyze, in memory and without asking. A wrong or old guess costs time, never a right answer.

type Row = { column: string | null; total: number } & Record<
  'values' | 'shares' | 'bounds' | 'words' | 'word_shares',
  string | null
>;

export interface Statistics {
  /** customers, as of the last analyze */
  total: number;
  /** the common values of each column in lower case, with the share of customers that have each */
  values: Map<string, [value: string, share: number][]>;
  /** of columns with an order: bounds that part the customers into equal shares */
  bounds: Map<string, string[]>;
  /** the words of the text vector, with the share of customers that have each */
  words: Map<string, number>;
}

const pairs = (texts: string, shares: string): [string, number][] => {
  const numbers: number[] = JSON.parse(shares);
  return (JSON.parse(texts) as string[]).map((text, i) => [text.toLowerCase(), numbers[i]!]);
};

/** Reads what PostgreSQL knows. Without an analyze everything counts as rare. */
export async function readStatistics(sql: Sql): Promise<Statistics> {
  const rows = await runner(sql)<Row>(statisticsText, []);
  const statistics: Statistics = {
    total: rows[0]?.total ?? 0,
    values: new Map(),
    bounds: new Map(),
    words: new Map(),
  };
  for (const { column, values, shares, bounds, words, word_shares } of rows) {
    if (!column) continue;
    if (values && shares) statistics.values.set(column, pairs(values, shares));
    if (words && word_shares) statistics.words = new Map(pairs(words, word_shares));
    if (bounds) {
      const texts: string[] = JSON.parse(bounds);
      statistics.bounds.set(
        column,
        column === 'birthday' || column === 'points' ? texts : texts.map(rfc3339),
      );
    }
  }
  return statistics;
}

/** The share of customers whose `column` contains `text`, and how many of the common values do. */
export function containing({ values, total }: Statistics, column: TextFilter, text: string) {
  const length = column === 'customer_id' ? 32 : column === 'phone_number' ? 13 : 0;
  // Where every value is another none is common: there the alphabet and the length decide.
  if (length > 0) {
    const letters = column === 'customer_id' ? 16 : 10;
    return {
      share: Math.min(1, Math.max(1, length - text.length + 1) / letters ** text.length),
      values: total,
    };
  }
  const part = text.toLowerCase();
  const found = { share: 0, values: 0 };
  for (const [value, share] of values.get(column) ?? []) {
    if (!value.includes(part)) continue;
    found.share += share;
    found.values += 1;
  }
  return found;
}

/** The share of customers that have `value` in `column`. */
export const having = ({ values }: Statistics, column: string, value: string): number =>
  values.get(column)?.find(([common]) => common === value)?.[1] ?? 0;

/** The share of customers whose `column` lies at or above `value`. */
export function above({ bounds }: Statistics, column: string, value: string | number): number {
  const texts = bounds.get(column);
  if (!texts) return 0.3;
  const higher = texts.filter((bound) =>
    typeof value === 'number' ? Number(bound) >= value : bound >= value,
  );
  return higher.length / texts.length;
}

/** The share of customers whose text has `word`; what is not common counts as next to nothing. */
export const sayingWord = ({ words, total }: Statistics, word: string): number =>
  words.get(word.toLowerCase()) ?? 20 / (total + 20);

/** The share of customers that a search with operators finds, roughly. */
export function answering(statistics: Statistics, search: Extract<Search, { kind: 'query' }>): number {
  const words = search.text.replaceAll('"', ' ').split(/\s+/).filter(Boolean);
  const wanted = words.filter((word) => !word.startsWith('-') && !/^or$/i.test(word));
  if (wanted.length === 0) return 0.9;
  const shares = wanted.map((word) => sayingWord(statistics, word));
  const either = words.some((word) => /^or$/i.test(word));
  return either
    ? Math.min(
        1,
        shares.reduce((sum, share) => sum + share),
      )
    : shares.reduce((all, share) => all * share);
}
