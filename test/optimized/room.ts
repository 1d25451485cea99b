import { textFilters } from '../../src/contract/parameters.ts';
import { createApp } from '../../src/optimized/app.ts';
import { openCache } from '../../src/optimized/cache/open.ts';
import { createParser } from '../../src/optimized/lexemes.ts';
import type { Knowledge } from '../../src/optimized/queries.ts';
import { keepStatistics, type Statistics } from '../../src/optimized/statistics.ts';
import type { Sql } from '../../src/server/database.ts';
import { openRoom, type RoomOptions } from '../rooms.ts';

export interface OptimizedOptions extends RoomOptions {
  cache?: 'full' | 'redis' | 'off';
  /** null: without Redis; the one of the run unless given */
  redisUrl?: string | null;
  statistics?: Statistics;
}

/** Nothing is known: every filter seems to let many pass. */
export const nothingKnown: Statistics = {
  ...{ total: 0, tags: new Map(), words: new Map(), pairs: new Map() },
  seen: null,
};
/** Next to nobody seems to pass any filter. */
export const fewExpected: Statistics = { ...nothingKnown, total: 3_000_000 };

const kinds = [...textFilters, 'gender', 'birthday', 'created', 'last_updated', 'last_activity', 'points'];
/** Every `values`, which a filter may contain, seems to belong to this share of so many customers. */
export function shareExpected(share: number, total: number, values: string[]): Statistics {
  const tags = values.map((value, id) => ({ id, value, customers: share * total, start: id, width: 1 }));
  return {
    ...nothingKnown,
    total,
    tags: new Map(kinds.map((kind) => [kind, tags])),
    words: new Map(tags.map((tag) => [tag.value, [{ kind: 'first_name', tag }]])),
  };
}

/** Knowledge that never changes, whatever is written. */
export const believing = (statistics: Statistics): Knowledge => ({
  current: () => statistics,
  parse: createParser(),
  catchUp: async () => {},
});

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
      const settings = { mode, timeout: 300, redisUrl, scope: name };
      const { cache, close: closeCache } = await openCache(base.sql, base.metrics.registry, settings);
      const kept = options.statistics || options.unreachable ? null : await keepStatistics(base.sql);
      const known = kept ?? believing(options.statistics ?? nothingKnown);
      const app = createApp({ ...base, cache, known });
      const close = async () => {
        kept?.close();
        await closeCache();
      };
      return { app, close };
    },
    options,
  );
