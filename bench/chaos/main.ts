import { join } from 'node:path';
import { command, run, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { ensureSeeded } from '../../src/seed/index.ts';
import { noRedis, readConfig } from '../../src/server/config.ts';
import { connect } from '../../src/server/database.ts';
import { startServices, stopServices } from '../../src/services/index.ts';
import { findRedisServer } from '../../src/services/redis-server.ts';
import { startWatchedRedis } from '../cluster/redis.ts';
import { failovers } from './faults.ts';
import { startOwnRedis } from './redis.ts';
import { run as suffer } from './run.ts';

const program = command(
  'chaos',
  'Tries to break the promises of the cache, on two servers with their own Redis and PostgreSQL; also fails over a Redis that Sentinels watch. Prints the operations, faults and violations of each promise; exit code 1 on any violation.',
)
  .addOption(option.minutes(2))
  .addOption(option.customersFrom(1_000)(3_000, 'customers in its database, 1_000 or more'))
  .addOption(option.seed(1))
  .action(async ({ minutes, customers, seed }) => {
    const server = await findRedisServer();
    if ('missing' in server) throw new Stop(`This command needs its own Redis. ${server.missing}`);

    const dataDir = join(import.meta.dir, '../..', '.data', `chaos-${process.pid}`);
    const settings = readConfig({ port: 0 }, { REDIS_URL: noRedis });
    const services = await startServices(settings, { dataDir, ports: { postgres: 55_000 }, throwaway: true });
    const redis = await startOwnRedis('chaos');
    try {
      await ensureSeeded({ services, db: 'chaos', customers, only: 'optimized', quiet: true });
      const { host, port, user, password } = services.postgres;
      const sql = connect(services.postgres, 'chaos_optimized', { pool: 8 });
      const environment = {
        ...{
          POSTGRES_HOST: host,
          POSTGRES_PORT: `${port}`,
          POSTGRES_USER: user,
          POSTGRES_PASSWORD: password,
        },
        ...{ POSTGRES_DB: 'chaos', REDIS_URL: redis.url, API_TOKEN: '', LOG_LEVEL: 'warn' },
      };
      const began = performance.now();
      const onPart = (part: string) =>
        console.error(`${Math.round((performance.now() - began) / 1000)} s: ${part}`);
      const findings = await suffer({ environment, sql, redis }, { minutes, seed, onPart });
      console.log(findings.report());
      const watched = await startWatchedRedis('chaos');
      const beside = { environment: { ...environment, REDIS_URL: watched.url }, faults: failovers(watched) };
      const options = { minutes: minutes / 4, seed, onPart, only: ['faults' as const] };
      const more = await suffer({ ...beside, sql, redis }, options).finally(() => watched.stop());
      await sql.end({ timeout: 1 });
      console.log(`\nWith a Redis that Sentinels watch:\n${more.report()}`);
      if (findings.violations() + more.violations() > 0) process.exitCode = 1;
    } finally {
      await redis.stop();
      await stopServices({ dataDir });
    }
  });

if (import.meta.main) await run(program);
