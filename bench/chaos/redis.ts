import { join } from 'node:path';
import { createClient } from 'redis';
import { readConfig } from '../../src/server/config.ts';
import { ServiceError, startServices, stopServices } from '../../src/services/index.ts';

/** A Redis that can be stopped, hung and killed. */
export interface OwnRedis {
  url: string;
  /** SIGKILL: the process and all its data are gone. */
  kill(): Promise<void>;
  /** Restarts it, empty, at the same address. */
  restart(): Promise<void>;
  /** SIGSTOP: it accepts connections and commands but answers none. */
  hang(): void;
  goOn(): void;
  stop(): Promise<void>;
}

/** Starts a separate Redis, in a data folder of this process that is removed at the end. Throws ServiceError without a Redis. */
export async function startOwnRedis(name: string): Promise<OwnRedis> {
  const dataDir = join(import.meta.dir, '..', '..', '.data', `test-${process.pid}-${name}`);
  // With POSTGRES_HOST set, no PostgreSQL is started.
  const { postgres } = readConfig({ port: 0 }, { POSTGRES_HOST: '127.0.0.1' });
  const start = async (from: number) => {
    const options = { dataDir, ports: { redis: from }, throwaway: true };
    const { redis, redisMissing } = await startServices({ postgres, redisUrl: null }, options);
    if (!redis) throw new ServiceError(redisMissing!);
    return { url: redis.url, pid: await pidOf(redis.url) };
  };
  let { url, pid } = await start(63_000 + (process.pid % 700));
  const signal = (name: NodeJS.Signals) => process.kill(pid, name);
  return {
    url,
    async kill() {
      signal('SIGKILL');
      while (await answers(url)) await Bun.sleep(10);
    },
    async restart() {
      const again = await start(Number(new URL(url).port));
      if (again.url !== url) throw new Error(`Redis restarted at ${again.url} instead of ${url}`);
      pid = again.pid;
    },
    hang: () => signal('SIGSTOP'),
    goOn: () => signal('SIGCONT'),
    async stop() {
      try {
        signal('SIGCONT');
      } catch {}
      await stopServices({ dataDir });
    },
  };
}

async function pidOf(url: string): Promise<number> {
  const client = createClient({ url });
  await client.connect();
  const info = await client.info('server');
  client.destroy();
  return Number(/process_id:(\d+)/.exec(info)![1]);
}

async function answers(url: string): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    if (client.isOpen) client.destroy();
  }
}
