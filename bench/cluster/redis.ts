import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { ServiceError } from '../../src/services/fault.ts';
import { openDataDir } from '../../src/services/place.ts';
import { findRedisServer } from '../../src/services/redis-server.ts';
import { type Child, startChild } from '../children.ts';
import { freePort } from '../servers.ts';

// Groups of Redis servers, as REDIS_URL names them in production: a primary with replicas that Sentinels watch, and a
// cluster. They end with this process.

export interface RedisGroup {
  /** for REDIS_URL */
  url: string;
  stop(): Promise<void>;
}

export interface WatchedRedis extends RedisGroup {
  /** The port of the primary, as the Sentinels name it. */
  primary(): Promise<number>;
  /** Resolves when all Sentinels name the same primary: one learns of a promotion by another up to 2 s later. */
  agreed(): Promise<void>;
  /** SIGKILL to the primary. Resolves with the ms until a Sentinel names another one. */
  failOver(): Promise<number>;
  /** SIGSTOP to the primary: it accepts connections and answers nothing. Resolves as `failOver` does. */
  hang(): Promise<number>;
  /** Restarts the killed primary, or resumes the hung one: it becomes a replica. */
  restore(): Promise<void>;
}

const nameOfPrimary = 'customers';
/** ms without an answer after which the Sentinels count the primary as down. */
const downAfter = 500;
const sentinelCount = 3;

interface Server {
  port: number;
  child: Child;
}

/** Starts a primary, two replicas and three Sentinels. Throws ServiceError if there is no Redis, or one does not start. */
export async function startWatchedRedis(name: string): Promise<WatchedRedis> {
  const { start, folder, end } = await ground(name);
  const first = await start();
  const replica = () => start('--replicaof', '127.0.0.1', `${first.port}`);
  const servers = [first, await replica(), await replica()];
  const sentinels: Server[] = [];
  for (let i = 0; i < sentinelCount; i++) {
    const file = join(folder, `sentinel-${i}.conf`); // Sentinel stores its state in it
    writeFileSync(
      file,
      `sentinel monitor ${nameOfPrimary} 127.0.0.1 ${first.port} 2
sentinel down-after-milliseconds ${nameOfPrimary} ${downAfter}
sentinel failover-timeout ${nameOfPrimary} 3000
`,
    );
    sentinels.push(await start(file, '--sentinel'));
  }
  const [watcher] = sentinels as [Server];
  const primaryOf = async ({ port }: Server) => {
    const address = await tell(port, ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', nameOfPrimary]);
    return Number((address as string[])[1]);
  };
  const primary = () => primaryOf(watcher);
  // Sentinels promote none until they have found the replicas and each other.
  const known = async () => {
    const [master] = (await tell(watcher.port, ['SENTINEL', 'MASTERS'])) as string[][];
    const fact = (key: string) => Number(master![master!.indexOf(key) + 1]);
    return fact('num-slaves') === servers.length - 1 && fact('num-other-sentinels') === sentinelCount - 1;
  };
  await until(known);

  const named = async (port: number) => servers.find((server) => server.port === port)!;
  let lost: { server: Server; hangs: boolean } | null = null;
  const lose = async (hangs: boolean) => {
    const server = await named(await primary());
    lost = { server, hangs };
    const began = performance.now();
    process.kill(server.child.pid, hangs ? 'SIGSTOP' : 'SIGKILL');
    await until(async () => (await primary()) !== server.port);
    return performance.now() - began;
  };
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${nameOfPrimary}`,
    primary,
    agreed: () => until(async () => new Set(await Promise.all(sentinels.map(primaryOf))).size === 1),
    failOver: () => lose(false),
    hang: () => lose(true),
    async restore() {
      const { server, hangs } = lost!;
      if (hangs) process.kill(server.child.pid, 'SIGCONT');
      else
        server.child = (
          await start('--port', `${server.port}`, '--replicaof', '127.0.0.1', `${await primary()}`)
        ).child;
      await until(async () =>
        /^role:(slave|replica)/m.test(String(await tell(server.port, ['INFO', 'replication']))),
      );
      await until(known);
      lost = null;
    },
    async stop() {
      if (lost?.hangs) process.kill(lost.server.child.pid, 'SIGCONT');
      await end([...sentinels, ...servers]);
    },
  };
}

/** Starts a cluster of three primaries, without replicas. */
export async function startRedisCluster(name: string): Promise<RedisGroup & { nodes: Server[] }> {
  const { start, end } = await ground(name);
  const nodes: Server[] = [];
  for (let i = 0; i < 3; i++)
    nodes.push(await start(...`--cluster-enabled yes --cluster-config-file nodes-${i}.conf`.split(' ')));
  const slots = 16_384;
  const [first, ...others] = nodes as [Server, ...Server[]];
  for (const [i, { port }] of nodes.entries()) {
    const [from, to] = [i, i + 1].map((part) => Math.round((part * slots) / nodes.length)) as [
      number,
      number,
    ];
    await tell(port, ['CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${to - 1}`]);
  }
  for (const { port } of others) await tell(first.port, ['CLUSTER', 'MEET', '127.0.0.1', `${port}`]);
  for (const { port } of nodes)
    await until(async () => {
      const info = String(await tell(port, ['CLUSTER', 'INFO']));
      return /cluster_state:ok/.test(info) && /cluster_known_nodes:3/.test(info);
    });
  return {
    url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    stop: () => end(nodes),
  };
}

/** A folder, and functions to start a server in it and to end all. */
async function ground(name: string) {
  const program = await findRedisServer();
  if ('missing' in program) throw new ServiceError(program.missing);
  const folder = join(openDataDir(), `redis-${process.pid}-${name}`);
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    async start(...args: string[]): Promise<Server> {
      const given = args.indexOf('--port');
      const port = given < 0 ? freePort() : Number(args[given + 1]);
      // A settings file, if any, comes first.
      const file = args[0]?.startsWith('--') ? [] : args.splice(0, 1);
      const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
      const child = startChild([program.path, ...file, ...own, ...args]);
      await until(async () => {
        if (!child.running())
          throw new ServiceError(`Redis does not start: ${child.lastLines().join(' | ')}`);
        return (await tell(port, ['PING'])) === 'PONG';
      });
      return { port, child };
    },
    async end(servers: Server[]) {
      await Promise.all(servers.map(({ child }) => child.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 40_000; ; await Bun.sleep(20)) {
    try {
      if (await check()) return;
    } catch (error) {
      // Sentinel cuts the connections of a server whose role it changes.
      if (error instanceof ServiceError) throw error;
    }
    if (Date.now() > end) throw new ServiceError('The Redis servers do not reach the expected state.');
  }
}

/** Sends one command to the server at a port and returns its answer. */
export async function tell(port: number, command: string[]): Promise<unknown> {
  const client = createClient({ RESP: 2, socket: { host: '127.0.0.1', port, reconnectStrategy: false } });
  client.on('error', () => {}); // the rejection reports it
  try {
    await client.connect();
    return await client.sendCommand(command);
  } finally {
    if (client.isOpen) client.destroy();
  }
}
