import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRedisUrl } from '../server/redis-url.ts';
import { startDaemon } from './command.ts';
import { ServiceError } from './fault.ts';
import { openLog } from './log.ts';
import { freePort } from './ports.ts';
import { findRedisServer } from './redis-server.ts';

/** Port of the server that runs in `folder`, or null. */
export async function livingRedis(folder: string): Promise<number | null> {
  const port = Number(/^port (\d+)$/m.exec(readSettings(folder))?.[1]);
  return port > 0 && (await isRedisOf(folder, port)) ? port : null;
}

async function isRedisOf(folder: string, port: number): Promise<boolean> {
  const found = await ask(localUrl(port), async (client) => (await client.configGet('dir')).dir);
  return found !== null && found === folder;
}

export async function answersPing(url: string): Promise<boolean> {
  return (await ask(url, (client) => client.ping())) === 'PONG';
}

/** Whether the target of REDIS_URL accepts commands: one server, the primary that Sentinels name, or a cluster. */
export async function answersAt(url: string): Promise<boolean> {
  const place = readRedisUrl(url);
  if (place === null || place.kind === 'one') return answersPing(url);
  const { redisClients } = await import('../server/redis-clients.ts');
  const redis = redisClients(place);
  redis.onError(() => {}); // shows as a timeout below
  const connected = redis.connect('status', () => {}).then(() => true);
  const answered = await Promise.race([connected, sleep(2000, false, { ref: false })]);
  redis.close();
  return answered;
}

/** Starts a Redis without persistence on the first free port from `from` on. Returns the port; throws ServiceError. */
export async function startRedis(folder: string, from: number): Promise<number> {
  const server = await findRedisServer();
  if ('missing' in server) throw new ServiceError(server.missing);
  mkdirSync(folder, { recursive: true });
  const log = openLog(join(folder, 'redis.log'));
  try {
    for (let port = from, attempt = 0; attempt < 20; port++, attempt++) {
      port = await freePort(port);
      const settings = settingsFile(folder);
      writeFileSync(settings, redisSettings(folder, port));
      const daemon = startDaemon(server.path, [settings], log.handle);
      while (!daemon.ended()) {
        if (await isRedisOf(folder, port)) return port;
        await sleep(20);
      }
      if (!/Address already in use/.test(log.reason())) break;
    }
    throw new ServiceError(`Redis does not start: ${log.reason() || 'no output'}`);
  } finally {
    log.close();
  }
}

/** Stops the server of this folder if it runs. True if there was one. */
export async function stopRedis(folder: string): Promise<boolean> {
  const port = await livingRedis(folder);
  if (port === null) return false;
  await ask(localUrl(port), (client) => client.sendCommand(['SHUTDOWN', 'NOSAVE']));
  for (let waited = 0; await answersPing(localUrl(port)); waited++) {
    if (waited === 100) throw new ServiceError(`Redis on port ${port} does not stop.`);
    await sleep(50);
  }
  return true;
}

export function localUrl(port: number): string {
  return `redis://127.0.0.1:${port}`;
}

function settingsFile(folder: string): string {
  return join(folder, 'redis.conf');
}

function readSettings(folder: string): string {
  try {
    return readFileSync(settingsFile(folder), 'utf8');
  } catch {
    return '';
  }
}

/** For a cache: evicts the least recently used entries, writes nothing to disk. */
function redisSettings(folder: string, port: number): string {
  return `bind 127.0.0.1
port ${port}
protected-mode yes
daemonize no
dir ${JSON.stringify(folder)}
save ""
appendonly no
maxmemory 256mb
maxmemory-policy allkeys-lru
`;
}

type Client = Awaited<ReturnType<typeof connection>>;

// Loading the client takes a third of a second, so only callers that use it pay for it.
async function connection(url: string) {
  const { createClient } = await import('redis');
  return createClient({ url, socket: { connectTimeout: 1000, reconnectStrategy: false } });
}

/** Null if the server refuses or does not answer within two seconds. */
async function ask<Answer>(
  url: string,
  question: (client: Client) => Promise<Answer>,
): Promise<Answer | null> {
  const client = await connection(url);
  client.on('error', () => {}); // the rejection below reports it
  const answer = client
    .connect()
    .then(() => question(client))
    .catch(() => null);
  const result = await Promise.race([answer, sleep(2000, null, { ref: false })]);
  if (client.isOpen) client.destroy();
  return result;
}
