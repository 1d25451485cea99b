import { join } from 'node:path';
import postgres from 'postgres';
import { type Config, noRedis } from '../server/config.ts';
import { openDataDir } from './place.ts';
import { livingPostgres } from './postgres.ts';
import { answersAt, livingRedis, localUrl } from './redis.ts';
import { hasRedisServer } from './redis-server.ts';
import { replicaOf } from './replica.ts';
import { readState } from './state.ts';

export interface ServiceStatus {
  name: 'postgres' | 'replica' | 'redis';
  /** "unreachable": the server named by the settings does not answer. "missing": not here yet. "off": disabled. */
  state: 'running' | 'stopped' | 'missing' | 'unreachable' | 'off';
  /** URL for any client, without the password of a server that is not ours. Null if there is none. */
  address: string | null;
  /** One line: the reason for the state, or what to do. */
  note: string | null;
}

const notFetched = 'none is on the PATH; the first start downloads Valkey if Python and pip are installed';

/** Name, state and address of the services, and of the replica if one was requested. Starts nothing. */
export async function servicesStatus(
  config: Pick<Config, 'postgres' | 'redisUrl'>,
  options: { dataDir?: string } = {},
): Promise<ServiceStatus[]> {
  const dataDir = openDataDir(options.dataDir);
  const { place, replica } = readState(dataDir);
  const data = place?.data ?? join(dataDir, 'postgres');
  return Promise.all([
    config.postgres.host === null
      ? embedded('postgres', data, config.postgres)
      : namedPostgres(config.postgres, config.postgres.host),
    ...(replica ? [embedded('replica', replicaOf(data), config.postgres)] : []),
    redisStatus(config.redisUrl, dataDir),
  ]);
}

async function embedded(
  name: 'postgres' | 'replica',
  data: string,
  { user, password }: Config['postgres'],
): Promise<ServiceStatus> {
  const port = await livingPostgres(data);
  if (port === null) return { name, state: 'stopped', address: null, note: null };
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return { name, state: 'running', address: `postgres://${login}@127.0.0.1:${port}/`, note: null };
}

async function namedPostgres(
  { user, password, port }: Config['postgres'],
  host: string,
): Promise<ServiceStatus> {
  const at = host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  const places = host.includes(',') ? host : `${at}:${port ?? 5432}`;
  const address = `postgres://${encodeURIComponent(user)}@${places}/`;
  const options = {
    host,
    ...(host.includes(',') && { target_session_attrs: 'primary' as const }),
    port: port ?? 5432,
    user,
    password,
    database: 'postgres',
    max: 1,
    connect_timeout: 3,
  };
  const sql = postgres(options);
  try {
    await sql`select 1`;
    return { name: 'postgres', state: 'running', address, note: 'set by POSTGRES_HOST' };
  } catch (error) {
    return { name: 'postgres', state: 'unreachable', address, note: (error as Error).message };
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function redisStatus(url: string | null, dataDir: string): Promise<ServiceStatus> {
  if (url === noRedis) return { name: 'redis', state: 'off', address: null, note: 'REDIS_URL is off' };
  if (url !== null) {
    const state = (await answersAt(url)) ? 'running' : 'unreachable';
    return { name: 'redis', state, address: url.replace(/\/\/[^@]*@/, '//'), note: 'set by REDIS_URL' };
  }
  const port = await livingRedis(join(dataDir, 'redis'));
  if (port !== null) return { name: 'redis', state: 'running', address: localUrl(port), note: null };
  if (hasRedisServer()) return { name: 'redis', state: 'stopped', address: null, note: null };
  return { name: 'redis', state: 'missing', address: null, note: notFetched };
}
