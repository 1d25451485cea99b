import { connected } from '../src/seed/connection.ts';
import { ensureSeeded } from '../src/seed/index.ts';
import { noRedis, readConfig } from '../src/server/config.ts';
import { type Services, startServices } from '../src/services/index.ts';
import { readIntoMemory } from './warm.ts';

/** Everything the servers of a benchmark stand on: PostgreSQL, Redis, and two filled databases. */
export interface Stage {
  services: Services;
  /** Base name of the databases. They are the benchmarks' own: the user's data is never touched. */
  db: string;
  customers: number;
  /** What a server process needs to know to use all this. */
  environment: Record<string, string>;
}

/**
 * Starts the services where they are not running, fills both databases where they are not filled, and reads them into
 * memory. With the base name of `existing` databases these are used as they are, whatever number of customers they hold.
 */
export async function setStage(customers: number, seed = 1, existing?: string): Promise<Stage> {
  const config = readConfig({ port: 0 });
  const services = await startServices(config);
  // A base name may have 32 characters. Where that cuts, two may share their databases, which hold the same rows.
  const suffix = `_bench_${customers}`;
  const db = existing ?? config.postgres.db.slice(0, 32 - suffix.length) + suffix;
  if (existing) customers = await countOf(services, existing);
  else await ensureSeeded({ services, db, customers, seed, replace: true });
  for (const room of ['naive', 'optimized'])
    await connected({ ...services.postgres, database: `${db}_${room}` }, readIntoMemory);
  const { host, port, user, password } = services.postgres;
  const environment: Record<string, string> = {
    POSTGRES_HOST: host,
    POSTGRES_PORT: `${port}`,
    POSTGRES_USER: user,
    POSTGRES_PASSWORD: password,
    POSTGRES_DB: db,
    LOG_LEVEL: 'warn',
    // Where there is none, no server needs to look for one again.
    REDIS_URL: services.redis?.url ?? noRedis,
  };
  return { services, db, customers, environment };
}

function countOf({ postgres }: Services, db: string): Promise<number> {
  return connected({ ...postgres, database: `${db}_optimized` }, async (sql) => {
    const [row] = await sql<{ count: number }[]>`select count(*) as count from customer`;
    return row!.count;
  });
}
