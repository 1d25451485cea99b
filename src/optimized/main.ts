import { createMetrics } from '../server/metrics.ts';
import { createLog, prepare, serve } from '../server/serve.ts';
import { createApp } from './app.ts';
import { createCache } from './cache.ts';
import { connectRedis } from './redis.ts';
import { readStatistics } from './statistics.ts';

const room = 'optimized';
const { config, services, database, sql } = await prepare(room, 8000);
const { host, port } = services.postgres;
const remote =
  services.redis && config.cache !== 'off'
    ? await connectRedis(services.redis.url, `${host}:${port}/${database}`)
    : null;
if (services.redisMissing && config.cache !== 'off') console.error(`Without Redis: ${services.redisMissing}`);
let statistics = await readStatistics(sql);
// While the database is away the last statistics will do.
const refresh = setInterval(async () => {
  statistics = await readStatistics(sql).catch(() => statistics);
}, 60_000);
const app = createApp({
  sql,
  config,
  metrics: createMetrics(),
  log: createLog(config, room),
  cache: createCache({ mode: config.cache, remote, timeout: config.cacheTimeout }),
  statistics: () => statistics,
  degraded: () => (remote && !remote.alive() ? ['redis'] : []),
});
serve(app, {
  config,
  room,
  close: async () => {
    clearInterval(refresh);
    await remote?.close();
    await sql.end({ timeout: 1 });
  },
});
