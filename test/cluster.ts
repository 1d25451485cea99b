import { ensureSeeded, type ProfileName } from '../src/seed/index.ts';
import { noRedis } from '../src/server/config.ts';
import { connected } from '../src/server/connection.ts';
import { connect, type Sql } from '../src/server/database.ts';
import type { Services } from '../src/services/index.ts';
import { type Keeper, kept, newPrefix, run, servicesIn, startKeeper } from './kept.ts';

// One PostgreSQL and, if there is one, one Redis for many test files (see kept.ts). The schema is created once for each
// server. The database of a test is a copy of it, which takes 50 ms.

export type Kind = 'naive' | 'optimized';

/** A database of a test. */
export interface Copy {
  services: Services;
  /** POSTGRES_DB, to which a server adds its own name */
  db: string;
  name: string;
  drop(): Promise<void>;
}

interface Cluster {
  services: Services;
  /** in the database `postgres` */
  admin: Sql;
}

const prefix = kept?.prefix ?? newPrefix();
let keeper: Keeper | undefined;
let started: Promise<Cluster> | undefined;
/** Distinguishes the databases of this file from those that others on the same services may have left. */
const file = crypto.randomUUID().slice(0, 4);
let copies = 0;

/** The services of this run. */
export const cluster = (): Promise<Cluster> => (started ??= start());

async function start(): Promise<Cluster> {
  if (!kept && !keeper)
    throw new Error('Tests run with "bun test" in the folder of the project: bunfig.toml prepares them.');
  const services = servicesIn(kept?.said ?? (await keeper!.start()));
  return { services, admin: connect(services.postgres, 'postgres', { pool: 4, statementTimeout: 0 }) };
}

/** Begins the run. Returns the function to call at its end, which leaves nothing behind. */
export function begin(): () => Promise<void> {
  if (!kept) keeper = startKeeper(run, prefix);
  return async () => {
    if (started) await (await started.catch(() => null))?.admin.end();
    await keeper?.end();
  };
}

/** A name for databases of this run, of at most 32 characters. */
export const newName = () => `${prefix}_${file}_${++copies}`;

const copyNamed = (db: string, kind: Kind, { services, admin }: Cluster): Copy => ({
  services,
  db,
  name: `${db}_${kind}`,
  // Without force: a connection that is still open is a fault.
  drop: async () => void (await admin.unsafe(`drop database "${db}_${kind}"`)),
});

/** A database with the schema of a server and no rows. */
export async function copyOf(kind: Kind): Promise<Copy> {
  const running = await cluster();
  const copy = copyNamed(newName(), kind, running);
  await running.admin.unsafe(
    `create database "${copy.name}" template "${prefix}_empty_${kind}" strategy file_copy`,
  );
  return copy;
}

/** Databases of both servers with the same `customers` seeded customers, analyzed. */
export async function seeded(
  customers: number,
  data: ProfileName = 'default',
  seed = 1,
): Promise<Record<Kind, Copy>> {
  const running = await cluster();
  const db = newName();
  await ensureSeeded({ services: running.services, db, customers, data, seed, quiet: true });
  return { naive: copyNamed(db, 'naive', running), optimized: copyNamed(db, 'optimized', running) };
}

/** The database of one server with `customers` seeded customers, analyzed. */
export async function seededOnly(
  kind: Kind,
  customers: number,
  data: ProfileName = 'default',
): Promise<Copy> {
  const running = await cluster();
  const db = newName();
  await ensureSeeded({ services: running.services, db, customers, data, only: kind, quiet: true });
  return copyNamed(db, kind, running);
}

/** Runs `work` with one connection to a database: that of a server, or one of this run by its name. */
export const within = async <T>(
  where: string | Pick<Copy, 'services' | 'name'>,
  work: (sql: Sql) => Promise<T>,
): Promise<T> =>
  typeof where === 'string'
    ? connected({ ...(await cluster()).services.postgres, database: where }, work)
    : connected({ ...where.services.postgres, database: where.name }, work);

/** The settings of a server process on the database of a test. They touch nothing of the user. */
export function environmentOf(
  { services, db }: Copy,
  changes: Record<string, string> = {},
): Record<string, string> {
  const { host, port, user, password } = services.postgres;
  return {
    ...{ POSTGRES_HOST: host, POSTGRES_PORT: `${port}`, POSTGRES_USER: user, POSTGRES_PASSWORD: password },
    ...{ POSTGRES_DB: db, POSTGRES_POOL: '4', API_TOKEN: '', HOST: '127.0.0.1', CACHE: 'full' },
    // If the run has no Redis, the server must not look for one either.
    REDIS_URL: services.redis?.url ?? noRedis,
    ...changes,
  };
}
