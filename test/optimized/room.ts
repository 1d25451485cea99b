import { textFilters } from '../../src/contract/parameters.ts';
import { createApp } from '../../src/optimized/app.ts';
import { createCache } from '../../src/optimized/cache.ts';
import { connectRedis } from '../../src/optimized/redis.ts';
import { readStatistics, type Statistics } from '../../src/optimized/statistics.ts';
import type { Sql } from '../../src/server/database.ts';
import { openRoom, type RoomOptions } from '../rooms.ts';

export interface OptimizedOptions extends RoomOptions {
  cache?: 'full' | 'redis' | 'off';
  /** null: without Redis; the one of the run unless given */
  redisUrl?: string | null;
  statistics?: Statistics;
}

/** Nothing is known: every filter seems to let many pass. */
export const nothingKnown: Statistics = { total: 0, tags: new Map(), words: new Map() };
/** Next to nobody seems to pass any filter. */
export const fewExpected: Statistics = { ...nothingKnown, total: 3_000_000 };

const kinds = [...textFilters, 'gender', 'birthday', 'created', 'last_updated', 'last_activity', 'points'];
/** Every `values`, which a filter may contain, seems to belong to this share of so many customers. */
export function shareExpected(share: number, total: number, values: string[]): Statistics {
  const customers = share * total;
  return {
    total,
    tags: new Map(kinds.map((kind) => [kind, values.map((value): [string, number] => [value, customers])])),
    words: new Map(values.map((value) => [value, customers])),
  };
}

/**
 * Counts the tags as if there were a thousand times as many customers. Then the matches seem too many to collect and
 * too far apart to walk to, and are collected bucket by bucket.
 */
export const inflateTags = (sql: Sql) => sql`
  update list_tag
  set customers = 1000 * (select count(*) from customer_list where customer_list.tags @> array[list_tag.id])`;

/** The optimized server, with the cache of `CACHE=full` unless told otherwise. */
export const openOptimized = (options: OptimizedOptions = {}) =>
  openRoom(
    'optimized',
    async (base, { services, name }) => {
      const { cache: mode = 'full', redisUrl = services.redis?.url ?? null } = options;
      const remote = mode === 'off' || redisUrl === null ? null : await connectRedis(redisUrl, name);
      const statistics =
        options.statistics ?? (options.unreachable ? nothingKnown : await readStatistics(base.sql));
      const cache = createCache({ mode, remote, timeout: 300 });
      const app = createApp({ ...base, cache, statistics: () => statistics });
      return { app, close: () => remote?.close() };
    },
    options,
  );
