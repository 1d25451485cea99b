import type { Registry } from 'prom-client';
import type { Config } from '../../server/config.ts';
import type { Sql } from '../../server/database.ts';
import type { Listing } from '../listing/listing.ts';
import { type Cache, type CacheParts, createCache, longest } from './cache.ts';
import { readChanges } from './change.ts';
import { concernsOf } from './concerns.ts';
import { type Follower, follow } from './follow.ts';
import { createLog } from './log.ts';
import { measureCache } from './metrics.ts';

// Assembles the cache of a server process from its parts.

/** A running cache. */
export interface OpenCache {
  cache: Cache;
  /** names the optional parts that do not work */
  degraded(): string[];
  /** null: changes are not followed */
  follower: Follower | null;
  close(): Promise<void>;
}

export interface CacheSettings {
  mode: Config['cache'];
  /** seconds */
  timeout: number;
  /** null: no Redis */
  redisUrl: string | null;
  /** separates databases that share a Redis */
  scope: string;
  maxBytes?: number;
  /** changes are followed even if nothing is kept, since lists are read on replicas */
  follows?: boolean;
}

/** Opens the cache of one server process. `alter` may replace parts: tests show that a faulty one is detected. */
export async function openCache(
  sql: Sql,
  listing: Listing,
  registry: Registry,
  { mode, timeout, redisUrl, scope, maxBytes, follows = false }: CacheSettings,
  alter: (parts: CacheParts) => CacheParts = (parts) => parts,
): Promise<OpenCache> {
  const on = mode !== 'off';
  const log = createLog();
  // The client takes a third of a second to load, so it is loaded only if it is used.
  const remote =
    on && redisUrl !== null
      ? await (await import('./redis.ts')).connectRedis(redisUrl, scope, longest * timeout)
      : null;
  const follower = on || follows ? follow(sql, listing, log) : null;
  // Until it is ready nothing is kept; without a database it makes no sense to wait longer.
  await Promise.race([follower?.ready, Bun.sleep(500)]);
  const cache = createCache(
    alter({
      ...{ mode, log, follower, remote, timeout, maxBytes, concerns: concernsOf(listing) },
      readChanges: (text) => readChanges(listing, text),
      known: follower?.positions.known,
    }),
  );
  measureCache(registry, cache, follower, remote);
  return {
    cache,
    follower,
    degraded: () => (remote === null || (remote.alive() && remote.answers()) ? [] : ['redis']),
    close: async () => {
      await Promise.all([follower?.close(), remote?.close()]);
    },
  };
}
