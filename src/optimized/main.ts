import { connect, databaseName } from '../server/database.ts';
import { createMetrics } from '../server/metrics.ts';
import { createLog, prepare, serve } from '../server/serve.ts';
import { createApp } from './app.ts';
import { createCache } from './cache.ts';
import { connectRedis } from './redis.ts';
import { readStatistics } from './statistics.ts';

const room = 'optimized';
const { config, services } = await prepare({ port: 8000 });
const database = databaseName(config, room);
const sql = connect(services.postgres, database, config.postgres);
const { host, port } = services.postgres;
const remote =
  services.redis && config.cache !== 'off'
    ? await connectRedis(services.redis.url, `${host}:${port}/${database}`)
    : null;
if (services.redisMissing && config.cache !== 'off') console.error(`Without Redis: ${services.redisMissing}`);
let statistics = await readStatistics(sql);
const refresh = setInterval(
  () =>
    readStatistics(sql).then(
      (read) => (statistics = read),
      () => {},
    ),
  60_000,
);
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
