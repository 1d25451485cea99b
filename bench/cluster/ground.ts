import { ensureSeeded } from '../../src/seed/index.ts';
import { noRedis } from '../../src/server/config.ts';
import { connect, type Sql } from '../../src/server/database.ts';
import { type OwnRedis, startOwnRedis } from '../chaos/redis.ts';
import { freePort, type RunningServer, startServer } from '../servers.ts';
import { type OwnPostgres, startOwnPostgres } from '../torture/own-postgres.ts';
import { type Nginx, nginxPath, startNginx } from './nginx.ts';
import { findPgBouncer, startPgBouncer } from './pgbouncer.ts';

/**
 * A whole cluster on this machine: a primary and its replica, and two servers. If installed: Redis, PgBouncer in front of the
 * primary, and nginx in front of the servers.
 */
export interface Cluster {
  postgres: OwnPostgres;
  /** null if not installed */
  pgbouncer: Pooler | null;
  redis: OwnRedis | null;
  /** null if not installed */
  nginx: Nginx | null;
  servers: [RunningServer, RunningServer];
  /** A server directly on the primary, without a cache: the cluster must give its answers. */
  single: RunningServer;
  /** Where users send requests: nginx, or the servers in turn. */
  base(): string;
  /** connected directly to the primary */
  sql: Sql;
  /** the short form: seconds for each check */
  quick: boolean;
  seed: number;
  /** Starts a server at the port of one that has ended. */
  restart(place: 0 | 1): Promise<void>;
  /** The parts that this machine lacks, each with the reason. */
  missing: string[];
  clear(): Promise<void>;
  close(): Promise<void>;
}

export type Group = 'equal' | 'fault' | 'failover';

export interface Pooler {
  port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface ClusterOptions {
  customers: number;
  quick: boolean;
  seed: number;
  /** the program of the servers; tests use faulty ones */
  program?: string;
}

const db = 'cluster';

export async function openCluster({ customers, quick, seed, program }: ClusterOptions): Promise<Cluster> {
  const missing: string[] = [];
  const [postgres, redis] = await Promise.all([
    startOwnPostgres(db, true),
    startOwnRedis(db).catch((error: Error) => {
      missing.push(`Redis: ${error.message}`);
      return null;
    }),
  ]);
  const { services } = postgres;
  await ensureSeeded({ services, db, customers, only: 'optimized', quiet: true });
  const sql = connect(services.postgres, `${db}_optimized`, { pool: 4, statementTimeout: 0 });
  const { user, password } = services.postgres;
  const primary = services.postgres;
  const alone = {
    ...{ POSTGRES_HOST: primary.host, POSTGRES_PORT: `${primary.port}` },
    ...{ POSTGRES_USER: user, POSTGRES_PASSWORD: password },
    ...{ POSTGRES_DB: db, POSTGRES_POOL: '4', API_TOKEN: '', LOG_LEVEL: 'fatal', REDIS_URL: noRedis },
    WAIT_LIMIT: '0', // load shedding on a busy machine is not tested here
  };
  const found = await findPgBouncer();
  if ('missing' in found) missing.push(`PgBouncer: ${found.missing}`);
  const pgbouncer = 'missing' in found ? null : await openPooler(found.path, postgres);
  const { host, port } = services.replica!;
  const shared = {
    ...alone,
    ...(pgbouncer && { POSTGRES_HOST: '127.0.0.1', POSTGRES_PORT: `${pgbouncer.port}` }),
    ...{ REDIS_URL: redis?.url ?? noRedis, POSTGRES_REPLICAS: `${host}:${port}` },
    DRAIN_TIME: '300',
  };
  const ports = [freePort(), freePort()];
  const start = (place: 0 | 1) => startServer('optimized', { ...shared, PORT: `${ports[place]}` }, program);
  const [single, ...servers] = await Promise.all([
    startServer('optimized', { ...alone, CACHE: 'off' }),
    start(0),
    start(1),
  ]);
  const path = nginxPath();
  if (!path)
    missing.push('nginx: not on the PATH (apt install nginx-light); users send to the servers in turn');
  const nginx = path
    ? await startNginx(
        path,
        ports.map((port) => ({ port })),
      )
    : null;
  let turn = 0;
  return {
    ...{ postgres, pgbouncer, redis, nginx, servers, single, sql, quick, seed, missing },
    base: () => nginx?.base ?? servers[turn++ % 2]!.base,
    async restart(place) {
      servers[place] = await start(place);
    },
    clear: async () => {},
    async close() {
      await nginx?.remove();
      await Promise.all([...servers, single].map((server) => server.stop()));
      await pgbouncer?.stop();
      await sql.end({ timeout: 1 });
      await Promise.all([redis?.stop(), postgres.remove()]);
    },
  };
}

/** A PgBouncer in front of the primary that can be restarted at its port. */
async function openPooler(path: string, { services }: OwnPostgres): Promise<Pooler> {
  const options = { path, postgres: services.postgres, databases: { optimized: `${db}_optimized` } };
  let running = await startPgBouncer(options);
  const { port } = running;
  return {
    port,
    stop: () => running.stop(),
    async start() {
      running = await startPgBouncer({ ...options, port });
    },
  };
}
