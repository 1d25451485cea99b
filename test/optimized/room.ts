import { createApp } from '../../src/optimized/app.ts';
import { openCache } from '../../src/optimized/cache/open.ts';
import { customers, render } from '../../src/optimized/columns.ts';
import { connectionSettings } from '../../src/optimized/listing/read.ts';
import { newReader, openReader } from '../../src/optimized/listing/reader.ts';
import { openRoom, type RoomOptions } from '../rooms.ts';
import type { choices } from './choices.ts';

export interface OptimizedOptions extends RoomOptions {
  cache?: 'full' | 'redis' | 'off';
  /** null: without Redis; the one of the run unless given */
  redisUrl?: string | null;
  /** which access paths are taken; those that the server chooses unless given */
  choose?: (typeof choices)[string];
}

/** The optimized server, with the cache of `CACHE=full` unless told otherwise. */
export const openOptimized = (options: OptimizedOptions = {}) =>
  openRoom(
    'optimized',
    async (base, { services, name }) => {
      const { cache: mode = 'full', redisUrl = services.redis?.url ?? null } = options;
      const settings = { mode, timeout: 300, redisUrl, scope: name };
      const { registry } = base.metrics;
      const { cache, close: closeCache } = await openCache(base.sql, customers, registry, settings);
      const opened = options.unreachable ? null : await openReader(base.sql, customers, render);
      await opened?.ready;
      const reader = {
        ...(opened ?? newReader(customers, render)),
        ...(options.choose && { choose: options.choose }),
      };
      const app = createApp({ ...base, cache, reader });
      const close = async () => {
        opened?.close();
        await closeCache();
      };
      return { app, close };
    },
    options,
    connectionSettings,
  );
