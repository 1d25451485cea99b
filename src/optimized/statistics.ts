import { runner, type Sql } from '../server/database.ts';
import statisticsText from '../sql/optimized/statistics.sql' with { type: 'text' };
import statisticsSinceText from '../sql/optimized/statistics_since.sql' with { type: 'text' };
import { bucketOf } from './buckets.ts';
import { createParser, type Lexemes } from './lexemes.ts';

// What a server knows of the data: the values of columns of few values, and about how many customers have each. From it
// comes which statement is likely to be the fastest (guesses.ts), where a wrong or old guess costs time and never a
// right answer; and which tags contain a text, where `seen` lets a statement notice that there are newer ones.

/** One value of a column, or one bucket of a column of many values. */
export interface Tag {
  id: number;
  /** folded, where it is a text that is looked for in parts */
  value: string;
  customers: number;
  /** of a bucket (buckets.ts) */
  start: number;
  width: number;
}

/** One value that a word is in. */
export interface Saying {
  kind: string;
  tag: Tag;
}

export interface Statistics {
  /** customers */
  total: number;
  /** by kind, in the order of the values */
  tags: Map<string, Tag[]>;
  /** by word of the text vector: the values that bring it */
  words: Map<string, Saying[]>;
  /** by tag of a city code or a city: the cities or countries it was seen in */
  pairs: Map<number, Set<number>>;
  /** what the ids of tags can be relied upon for; null: nothing */
  seen: Seen | null;
  /** what PostgreSQL makes of the words of the search at hand */
  lexemes?: Lexemes;
}

/** Every tag and pair is known that was there when transactions from `since` on had made `recent` of them. */
export interface Seen {
  since: string;
  recent: number;
  /** but of these kinds, which have too many */
  partial: Set<string>;
}

interface KindRow {
  kind: string;
  ids: string;
  values: string;
  words: string;
  customers: string;
  whole: boolean;
  since: string;
  recent: number;
}

interface TagRow {
  kind: string;
  id: number;
  value: string;
  words: string | null;
  customers: number;
}

/** Reads what is known of the tags. */
export async function readStatistics(sql: Sql): Promise<Statistics> {
  const statistics: Statistics = {
    total: 0,
    tags: new Map(),
    words: new Map(),
    pairs: new Map(),
    seen: null,
  };
  const rows = await runner(sql)<KindRow>(statisticsText, []);
  for (const { kind, ...row } of rows) {
    const [ids, customers] = [JSON.parse(row.ids) as number[], JSON.parse(row.customers) as number[]];
    const [values, words] = [JSON.parse(row.values) as string[], JSON.parse(row.words) as (string | null)[]];
    ids.forEach((id, i) => {
      add(statistics, { kind, id, value: values[i]!, words: words[i]!, customers: customers[i]! });
    });
  }
  statistics.total = statistics.tags.get('created')?.reduce((sum, { customers }) => sum + customers, 0) ?? 0;
  const partial = new Set(rows.filter(({ whole }) => !whole).map(({ kind }) => kind));
  if (rows[0]) statistics.seen = { partial, since: rows[0].since, recent: rows[0].recent };
  return statistics;
}

function add({ tags, words, pairs }: Statistics, { kind, id, value, words: said, customers }: TagRow) {
  if (kind === 'pair') {
    if (!pairs.has(id)) pairs.set(id, new Set());
    pairs.get(id)!.add(Number(value));
    return;
  }
  const tag = { id, value, customers, ...bucketOf(kind, value) };
  if (!tags.has(kind)) tags.set(kind, []);
  tags.get(kind)!.push(tag);
  for (const word of said?.split(' ') ?? []) {
    if (!words.has(word)) words.set(word, []);
    words.get(word)!.push({ kind, tag });
  }
}

/** Adds the tags that were made since. */
async function catchUp(sql: Sql, statistics: Statistics): Promise<void> {
  const { seen } = statistics;
  if (!seen) return;
  type Row = TagRow & { since: string; recent: number };
  const rows = await runner(sql)<Row>(statisticsSinceText, [seen.since]);
  // What was found in a list of tags is remembered with the list (guesses.ts).
  for (const kind of new Set(rows.map((row) => row.kind))) {
    if (statistics.tags.has(kind)) statistics.tags.set(kind, [...statistics.tags.get(kind)!]);
  }
  for (const row of rows) {
    if (!statistics.tags.get(row.kind)?.some(({ id }) => id === row.id)) add(statistics, row);
  }
  // Without a row there is nothing newer, and the old mark stands.
  if (rows[0]) Object.assign(seen, { since: rows[0].since, recent: rows[0].recent });
}

/** Keeps statistics up to date: read again every minute, and caught up with on request. */
export async function keepStatistics(sql: Sql) {
  let statistics = await readStatistics(sql);
  let catching: Promise<void> | null = null;
  // While the database is away the last statistics will do.
  const renewal = setInterval(async () => {
    statistics = await readStatistics(sql).catch(() => statistics);
  }, 60_000);
  return {
    current: () => statistics,
    parse: createParser(),
    /** Who asks at the same time shares one catching up, which begins after all of them asked. */
    async catchUp() {
      await catching?.catch(() => {});
      catching ??= catchUp(sql, statistics).finally(() => {
        catching = null;
      });
      await catching;
    },
    close: () => clearInterval(renewal),
  };
}
