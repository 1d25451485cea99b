import { isDistributed } from '../migrate/state.ts';
import { noRedis } from '../server/config.ts';
import { connect } from '../server/database.ts';
import { createMetrics, measureAdmission } from '../server/metrics.ts';
import { createLog, fail, prepare, serve } from '../server/serve.ts';
import { openWatch } from '../server/watch.ts';
import { createApp } from './app.ts';
import type { CacheParts } from './cache/cache.ts';
import { openCache } from './cache/open.ts';
import { customers, render } from './columns.ts';
import { connectionSettings } from './listing/read.ts';
import { openReader } from './listing/reader.ts';
import { distributedSettings } from './listing/shards.ts';
import { openSpread } from './replicas/spread.ts';

const room = 'optimized';

// Starts the optimized server: opens its parts, and serves.

/** Serves until a signal arrives. `alter` may replace parts of the cache: a test starts servers with faulty ones. */
export async function start(alter?: (parts: CacheParts) => CacheParts): Promise<void> {
  const prepared = await prepare(room, 8000, { settings: connectionSettings, admits: true });
  const { config, services, database } = prepared;
  const distributed = await isDistributed(prepared.sql);
  const sql = distributed ? await reconnect(prepared) : prepared.sql;
  const { host, port } = services.postgres;
  if (services.redisMissing && config.cache !== 'off' && config.redisUrl !== noRedis)
    console.error(`Without Redis: ${services.redisMissing}`);
  const log = createLog(config, room);
  const metrics = createMetrics();
  if (distributed && config.cache !== 'off')
    log.warn('Citus distributes the tables: nothing is cached, since there is no snapshot of all shards');
  const settings = {
    mode: distributed ? ('off' as const) : config.cache,
    timeout: config.cacheTimeout,
    redisUrl: services.redis?.url ?? null,
    scope: `${host}:${port}/${database}`,
    follows: config.postgres.replicas.length > 0,
  };
  // The Redis client of the cache is loaded while PostgreSQL answers the reader.
  const [reader, { cache, degraded, follower, close }] = await Promise.all([
    openReader(sql, customers, render, config.slowLimit, distributed),
    openCache(sql, customers, metrics.registry, settings, alter),
  ]);
  if (sql.admission) measureAdmission(metrics.registry, sql.admission);
  const login = { user: services.postgres.user, password: services.postgres.password };
  const spread =
    follower && (config.postgres.replicas.length > 0 || config.writePosition)
      ? openSpread(sql, follower, metrics.registry, log, {
          addresses: config.postgres.replicas.map((replica) => ({ ...replica, ...login })),
          ...{ ...config.postgres, waitLimit: config.waitLimit, lag: config.replicaLag },
          ...{ database, settings: connectionSettings, tells: config.writePosition },
        })
      : null;
  await spread?.ready;
  const { watch, tracing } = await openWatch({ config, room, sql, log, metrics });
  const app = createApp({
    sql,
    config,
    metrics,
    log,
    watch,
    tracing,
    cache,
    reader,
    spread,
    degraded: () => [...degraded(), ...(spread?.degraded() ?? [])],
  });
  // Bun's heap grows to three times what was alive when it was last collected as a whole. Until then 32 MB count as alive, later the
  // garbage of the start: collected once, in 20 to 30 ms, it is 40 MB less under load (docs/limits.md, "Memory"). Requests that came
  // while the sample was read go first.
  reader.ready.then(() => setTimeout(() => Bun.gc(true)));
  serve(app, {
    config,
    room,
    close: async () => {
      reader.close();
      await Promise.all([spread?.close(), close(), tracing?.close()]);
      await sql.end({ timeout: 1 });
    },
  });
}

/** A pool with the settings for tables that Citus distributes. Ends the process if replicas are configured. */
async function reconnect({ config, services, database, sql }: Awaited<ReturnType<typeof prepare>>) {
  if (config.postgres.replicas.length > 0)
    fail('POSTGRES_REPLICAS cannot be used where Citus distributes the tables: its workers read.');
  await sql.end();
  const { waitLimit } = config;
  return connect(services.postgres, database, { ...config.postgres, waitLimit }, distributedSettings);
}

if (import.meta.main) {
  // The command line is loaded only if there are arguments.
  if (process.argv.length > 2) await (await import('./command.ts')).main(import.meta.path);
  else await start();
}
