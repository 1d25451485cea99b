import { stateOf } from '../src/seed/databases.ts';
import { ensureSeeded, type ProfileName } from '../src/seed/index.ts';
import { longestBaseName, noRedis, readConfig } from '../src/server/config.ts';
import { connected } from '../src/server/connection.ts';
import { type Services, startServices } from '../src/services/index.ts';
import { readIntoMemory } from './warm.ts';

/** Everything that the servers of a benchmark need: PostgreSQL, Redis, and two filled databases. */
export interface Stage {
  services: Services;
  /** Base name of the databases. They belong to the benchmarks; the user's data is never touched. */
  db: string;
  customers: number;
  /** Their profile; `unknown` if the seeder did not generate them. */
  data: ProfileName | 'unknown';
  /** Environment variables of a server process on this stage. */
  environment: Record<string, string>;
}

export interface StageOptions {
  /** Default: `default`. */
  data?: ProfileName;
  /** Of the rows; default: 1. */
  seed?: number;
  /** Base name of existing databases, used as they are. */
  existing?: string;
}

/**
 * Starts the services and fills both databases if necessary, and reads the databases into memory.
 */
export async function setStage(
  customers: number,
  { data = 'default', seed = 1, existing }: StageOptions = {},
): Promise<Stage> {
  const config = readConfig({ port: 0 });
  const services = await startServices(config);
  // Two long names may be truncated to the same one; they then share databases with the same rows.
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
    // `noRedis` keeps each server from looking for Redis again.
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
