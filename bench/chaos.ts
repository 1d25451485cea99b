import { join } from 'node:path';
import { ensureSeeded } from '../src/seed/index.ts';
import { noRedis, readConfig } from '../src/server/config.ts';
import { connect } from '../src/server/database.ts';
import { startServices, stopServices } from '../src/services/index.ts';
import { findRedisServer } from '../src/services/redis-server.ts';
import { startOwnRedis } from './chaos/redis.ts';
import { run } from './chaos/run.ts';
import { command, Stop, wholeNumber } from './command.ts';

const usage = `Tries to break what the cache promises, on two servers, a Redis and a PostgreSQL of its own.

  npm run chaos -- [options]

  --minutes N     how long, about (default 2)
  --customers N   rows in its database (default 3_000)
  --seed N        other writes, reads and pauses (default 1)
  --help

Prints what was done and found for each promise. Exit code 1 at any violation.`;

async function main(values: Record<string, string | undefined>): Promise<number> {
  const minutes = wholeNumber('minutes', values.minutes, 2);
  const customers = wholeNumber('customers', values.customers, 3_000, 1000);
  const seed = wholeNumber('seed', values.seed, 1, 0);
  const server = await findRedisServer();
  if ('missing' in server) throw new Stop(`This needs a Redis of its own. ${server.missing}`);

  const dataDir = join(import.meta.dir, '..', '.data', `chaos-${process.pid}`);
  const settings = readConfig({ port: 0 }, { REDIS_URL: noRedis });
  const services = await startServices(settings, { dataDir, ports: { postgres: 55_000 }, throwaway: true });
  const redis = await startOwnRedis('chaos');
  try {
    await ensureSeeded({ services, db: 'chaos', customers, only: 'optimized', quiet: true });
    const { host, port, user, password } = services.postgres;
    const sql = connect(services.postgres, 'chaos_optimized', { pool: 8 });
    const environment = {
      ...{ POSTGRES_HOST: host, POSTGRES_PORT: `${port}`, POSTGRES_USER: user, POSTGRES_PASSWORD: password },
      ...{ POSTGRES_DB: 'chaos', REDIS_URL: redis.url, API_TOKEN: '', LOG_LEVEL: 'warn' },
    };
    const began = performance.now();
    const onPart = (part: string) =>
      console.error(`${Math.round((performance.now() - began) / 1000)} s: ${part}`);
    const findings = await run({ environment, sql, redis }, { minutes, seed, onPart });
    await sql.end({ timeout: 1 });
    console.log(findings.report());
    return findings.violations() > 0 ? 1 : 0;
  } finally {
    await redis.stop();
    await stopServices({ dataDir });
  }
}

if (import.meta.main) {
  const text = { type: 'string' } as const;
  await command(usage, { minutes: text, customers: text, seed: text }, main);
}
