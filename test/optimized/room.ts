import { createApp } from '../../src/optimized/app.ts';
import { openCache } from '../../src/optimized/cache/open.ts';
import { customers, render } from '../../src/optimized/columns.ts';
import { connectionSettings } from '../../src/optimized/listing/read.ts';
import { newReader, openReader } from '../../src/optimized/listing/reader.ts';
import { distributedSettings } from '../../src/optimized/listing/shards.ts';
import { openSpread } from '../../src/optimized/replicas/spread.ts';
import { readConfig } from '../../src/server/config.ts';
import type { Address } from '../../src/server/database.ts';
import { openRoom, type RoomOptions } from '../rooms.ts';
import type { choices } from './choices.ts';

export interface OptimizedOptions extends RoomOptions {
  cache?: 'full' | 'redis' | 'off';
  /** null: without Redis; the one of the run unless given */
  redisUrl?: string | null;
  /** where lists are read; those of POSTGRES_REPLICAS unless given */
  replicas?: Address[];
  /** Citus distributes the tables: there is no cache */
  distributed?: boolean;
  /** which access paths are taken; those that the server chooses unless given */
  choose?: (typeof choices)[string];
}

/** The optimized server, with the cache of `CACHE=full` by default. */
export const openOptimized = (options: OptimizedOptions = {}) =>
  openRoom(
    'optimized',
    async (base, { services, name }) => {
      const { distributed = false } = options;
      const { cache: mode = distributed ? 'off' : 'full', redisUrl = services.redis?.url ?? null } = options;
      // If the test takes its database away, a replica must not stand in for it.
      const isWhole = options.through === undefined && !options.unreachable;
      const { replicas: addresses = isWhole ? named(services.postgres) : [] } = options;
      const settings = { mode, timeout: 300, redisUrl, scope: name, follows: addresses.length > 0 };
      const { registry } = base.metrics;
      const opening = await openCache(base.sql, customers, registry, settings);
      const { cache, follower, close: closeCache } = opening;
      const spread =
        follower && addresses.length > 0
          ? openSpread(base.sql, follower, registry, base.log, {
              ...{ addresses, database: name, lag: 1000, tells: true, settings: connectionSettings },
              ...{ pool: 8, statementTimeout: 30_000, waitLimit: 0 },
            })
          : null;
      const opened = options.unreachable
        ? null
        : await openReader(base.sql, customers, render, 0, distributed);
      await Promise.all([opened?.ready, spread?.ready]);
      const reader = {
        ...(opened ?? newReader(customers, render)),
        ...(options.choose && { choose: options.choose }),
      };
      const app = createApp({
        ...{ ...base, cache, reader, spread },
        degraded: () => [...opening.degraded(), ...(spread?.degraded() ?? [])],
      });
      const close = async () => {
        opened?.close();
        await spread?.close();
        await closeCache();
      };
      return { app, close };
    },
    options,
    options.distributed ? distributedSettings : connectionSettings,
  );

// `POSTGRES_HOST=… POSTGRES_REPLICAS=… npm test -- test/optimized.test.ts` runs the whole contract, read on replicas.
const named = ({ user, password }: Address): Address[] =>
  readConfig({ port: 0 }).postgres.replicas.map((replica) => ({ ...replica, user, password }));
