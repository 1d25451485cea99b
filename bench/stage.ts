import { stateOf } from '../src/seed/databases.ts';
import { ensureSeeded, type ProfileName } from '../src/seed/index.ts';
import { longestBaseName, noRedis, readConfig } from '../src/server/config.ts';
import { connected } from '../src/server/connection.ts';
import { type Services, startServices } from '../src/services/index.ts';
import { readIntoMemory } from './warm.ts';

/** Everything the servers of a benchmark stand on: PostgreSQL, Redis, and two filled databases. */
export interface Stage {
  services: Services;
  /** Base name of the databases. They are the benchmarks' own: the user's data is never touched. */
  db: string;
  customers: number;
  /** What they are like; `unknown` where the seeder did not make them. */
  data: ProfileName | 'unknown';
  /** What a server process needs to know to use all this. */
  environment: Record<string, string>;
}

export interface StageOptions {
  /** `default` unless given. */
  data?: ProfileName;
  /** Of the rows; 1 unless given. */
  seed?: number;
  /** Base name of databases that are used as they are, whatever they hold. */
  existing?: string;
}

/**
 * Starts the services where they are not running, fills both databases where they are not filled, and reads them into
 * memory.
 */
export async function setStage(
  customers: number,
  { data = 'default', seed = 1, existing }: StageOptions = {},
): Promise<Stage> {
  const config = readConfig({ port: 0 });
  const services = await startServices(config);
  // Where the longest name cuts, two may share their databases, which hold the same rows.
  const suffix = `_bench_${customers}${data === 'default' ? '' : `_${data}`}`;
  const db = existing ?? config.postgres.db.slice(0, longestBaseName - suffix.length) + suffix;
  if (!existing) await ensureSeeded({ services, db, customers, data, seed, replace: true });
  const held = existing ? await heldBy(services, existing) : { customers, data };
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
  return { services, db, ...held, environment };
}

/** `3,000,000 diverse customers` */
export const population = ({ customers, data }: Pick<Stage, 'customers' | 'data'>): string =>
  `${customers.toLocaleString('en-US')} ${data} customers`;

function heldBy({ postgres }: Services, db: string): Promise<Pick<Stage, 'customers' | 'data'>> {
  return connected({ ...postgres, database: `${db}_optimized` }, async (sql) => {
    const [row] = await sql<{ count: number }[]>`select count(*) as count from customer`;
    const state = await stateOf(sql, `${db}_optimized`, async () => []);
    return { customers: row!.count, data: state.kind === 'complete' ? state.contents.data : 'unknown' };
  });
}
