import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, noRedis } from '../server/config.ts';
import { ServiceError, say } from './fault.ts';
import { withLock } from './lock.ts';
import { findPlace, hasDataDir, openDataDir } from './place.ts';
import { assertLogin, livingPostgres, startPostgres, stopPostgres } from './postgres.ts';
import { livingRedis, localUrl, startRedis, stopRedis } from './redis.ts';
import { isReplicated, keepReplica, removeReplica } from './replica.ts';
import { readState, type State, writeState } from './state.ts';

export { ServiceError } from './fault.ts';
export { type ServiceStatus, servicesStatus } from './status.ts';

/** Addresses of the servers that the project uses. */
export interface Services {
  postgres: { host: string; port: number; user: string; password: string };
  /** Null: there is no Redis; `redisMissing` says why. */
  redis: { url: string } | null;
  redisMissing: string | null;
  /** Address of the embedded PostgreSQL's replica, if one was requested. */
  replica: { host: string; port: number } | null;
}

export interface StartOptions {
  /** Folder of all data and logs; `.data` in the project by default. */
  dataDir?: string;
  /** The first ports to try. */
  ports?: { postgres?: number; redis?: number };
  /** For tests: fast, not crash-safe, and removed by `stopServices`. Needs its own `dataDir`. */
  throwaway?: boolean;
  /** Also starts a replica of PostgreSQL, which is kept until `stopServices`. */
  replica?: boolean;
}

type Wanted = Pick<Config, 'postgres' | 'redisUrl'>;

/**
 * Ensures that PostgreSQL and Redis are running and leaves them running. Several processes may call it at once.
 *
 * A server named by the settings (POSTGRES_HOST, REDIS_URL) is used as it is: nothing is started in its place, and it
 * is not checked. Throws ServiceError with one line that says what to do.
 */
export async function startServices(config: Wanted, options: StartOptions = {}): Promise<Services> {
  const { host, port, user, password } = config.postgres;
  if (options.throwaway && !options.dataDir) throw new ServiceError('Throwaway services need a dataDir.');
  if (options.replica && host !== null)
    throw new ServiceError('Only the embedded PostgreSQL can have a replica: leave POSTGRES_HOST unset.');
  const running = host !== null && config.redisUrl !== null ? {} : await startLocal(config, options);
  return {
    postgres: { host: host ?? '127.0.0.1', port: running.postgresPort ?? port ?? 5432, user, password },
    ...reachable(config.redisUrl, running),
    replica: running.replicaPort ? { host: '127.0.0.1', port: running.replicaPort } : null,
  };
}

interface Running {
  postgresPort?: number;
  replicaPort?: number;
  redisPort?: number;
  redisMissing?: string;
}

function reachable(
  url: Config['redisUrl'],
  { redisPort, redisMissing }: Running,
): Pick<Services, 'redis' | 'redisMissing'> {
  if (url === noRedis) return { redis: null, redisMissing: 'REDIS_URL is off.' };
  if (url !== null) return { redis: { url }, redisMissing: null };
  return { redis: redisPort ? { url: localUrl(redisPort) } : null, redisMissing: redisMissing ?? null };
}

/** Starts the servers that the settings do not name. */
async function startLocal(config: Wanted, options: StartOptions): Promise<Running> {
  const dataDir = openDataDir(options.dataDir);
  return withLock(dataDir, async () => {
    const before = readState(dataDir);
    const throwaway = options.throwaway ?? before.throwaway ?? false;
    const replica = options.replica || before.replica;
    writeState(dataDir, { ...before, throwaway, replica }); // stopServices needs it even if the start fails
    // Waits for both, even if one fails: the lock must not be released while the other is starting.
    const [postgres, redis] = await Promise.allSettled([
      config.postgres.host === null
        ? keepPostgres(dataDir, before, config, { ...options, throwaway, replica })
        : {},
      config.redisUrl === null ? keepRedis(dataDir, options) : {},
    ]);
    if (postgres.status === 'rejected') throw postgres.reason;
    const { replicaPort, ...state }: State & Running = postgres.value;
    writeState(dataDir, { ...before, ...state, throwaway, replica });
    // Only the shared cache needs Redis.
    if (redis.status === 'rejected')
      return { ...postgres.value, redisMissing: (redis.reason as Error).message };
    return { ...postgres.value, ...redis.value };
  });
}

async function keepPostgres(
  dataDir: string,
  { place: known }: State,
  { postgres: login }: Wanted,
  { ports, throwaway = false, replica = false }: StartOptions,
): Promise<State & Running> {
  let place = known ?? (await findPlace(dataDir));
  let postgresPort = await livingPostgres(place.data);
  const portFrom = ports?.postgres ?? 54_320;
  const options = { login, port: login.port, portFrom, throwaway, replicated: replica };
  const logFile = join(dataDir, 'postgres.log');
  if (postgresPort !== null && replica && !(await isReplicated(postgresPort, login))) {
    say('Restarting PostgreSQL with the WAL that a replica needs ...');
    await stopPostgres(place.data, false);
    postgresPort = await startPostgres(place, { ...options, port: postgresPort, logFile });
  }
  if (postgresPort === null) {
    // Packages and permissions may have changed since the last start.
    if (known) place = await findPlace(dataDir);
    postgresPort = await startPostgres(place, { ...options, logFile });
  }
  await assertLogin(postgresPort, login, place.data);
  if (!replica) return { place, postgresPort };
  const replicaLog = join(dataDir, 'postgres-replica.log');
  const follower = {
    primary: postgresPort,
    login,
    portFrom: postgresPort + 1,
    throwaway,
    logFile: replicaLog,
  };
  return { place, postgresPort, replicaPort: await keepReplica(place, follower) };
}

async function keepRedis(dataDir: string, { ports }: StartOptions): Promise<{ redisPort: number }> {
  const folder = join(dataDir, 'redis');
  return { redisPort: (await livingRedis(folder)) ?? (await startRedis(folder, ports?.redis ?? 63_790)) };
}

/** Stops only the services of this data folder. Removes their files if they are throwaway ones. */
export async function stopServices(
  options: { dataDir?: string } = {},
): Promise<{ postgres: boolean; redis: boolean }> {
  if (!hasDataDir(options.dataDir)) return { postgres: false, redis: false };
  const dataDir = openDataDir(options.dataDir);
  const stopped = await withLock(dataDir, async () => {
    const { place, replica, throwaway = false, ...state } = readState(dataDir);
    const data = place?.data ?? join(dataDir, 'postgres');
    if (replica) {
      await removeReplica(data);
      writeState(dataDir, { place, throwaway, ...state });
    }
    const [postgres, redis] = await Promise.all([
      stopPostgres(data, throwaway),
      stopRedis(join(dataDir, 'redis')),
    ]);
    if (throwaway) {
      if (place?.outside) rmSync(place.outside, { recursive: true, force: true });
      for (const name of [
        'postgres',
        'postgres.new',
        'postgres.log',
        'postgres-replica.log',
        'redis',
        'services.json',
      ]) {
        rmSync(join(dataDir, name), { recursive: true, force: true });
      }
    }
    return { postgres, redis, throwaway };
  });
  if (stopped.throwaway) removeEmpty(dataDir);
  return { postgres: stopped.postgres, redis: stopped.redis };
}

/** Removes the folder only if nothing else is in it: callers may name any folder. */
function removeEmpty(dataDir: string): void {
  rmSync(join(dataDir, 'services.lock'), { force: true });
  if (readdirSync(dataDir).length === 0) rmdirSync(dataDir);
}
