import { createClient } from 'redis';
import { followerName } from '../../src/optimized/cache/follow.ts';
import type { Sql } from '../../src/server/database.ts';
import type { WatchedRedis } from '../cluster/redis.ts';
import { signal } from '../processes.ts';
import type { Ground } from './ground.ts';

// Faults of the parts of a running system. Each fault lasts until its `mend`.

export interface Fault {
  name: string;
  /** whether Redis is down or unresponsive meanwhile */
  silences: boolean;
  begin(ground: Ground): Promise<void>;
  mend(ground: Ground): Promise<void>;
}

const nothing = async () => {};

async function tell(ground: Ground, ...command: string[]): Promise<void> {
  const client = createClient({ url: ground.redis.url });
  await client.connect();
  await client.sendCommand(command);
  client.destroy();
}

/** Process ids of the servers' backends: those of the followers, or those that serve requests. */
async function backends(sql: Sql, name: string): Promise<number[]> {
  const rows = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name = ${name}`;
  return rows.map(({ pid }) => pid);
}

const signalAll = (pids: number[], name: NodeJS.Signals) => {
  for (const pid of pids) signal(pid, name);
};

// No backend may stay stopped after this process ends: it could hold locks.
const stopped = new Set<number>();
process.on('exit', () => signalAll([...stopped], 'SIGCONT'));

function stop(pids: number[]): void {
  for (const pid of pids) stopped.add(pid);
  signalAll(pids, 'SIGSTOP');
}

function goOn(): void {
  signalAll([...stopped], 'SIGCONT');
  stopped.clear();
}

export const faults: readonly Fault[] = [
  {
    name: 'Redis killed and restarted',
    silences: true,
    begin: ({ redis }) => redis.kill(),
    mend: ({ redis }) => redis.restart(),
  },
  {
    name: 'Redis hung',
    silences: true,
    begin: async ({ redis }) => redis.hang(),
    mend: async ({ redis }) => redis.goOn(),
  },
  {
    name: 'Redis flushed',
    silences: false,
    begin: (ground) => tell(ground, 'FLUSHALL'),
    mend: nothing,
  },
  {
    name: 'Redis full',
    silences: false,
    begin: (ground) => tell(ground, 'CONFIG', 'SET', 'maxmemory', '1'),
    mend: (ground) => tell(ground, 'CONFIG', 'SET', 'maxmemory', '0'),
  },
  {
    name: 'subscribers disconnected',
    silences: false,
    begin: (ground) => tell(ground, 'CLIENT', 'KILL', 'TYPE', 'pubsub'),
    mend: nothing,
  },
  {
    name: 'connections of the followers terminated',
    silences: false,
    begin: async ({ sql }) => {
      for (const pid of await backends(sql, followerName)) await sql`select pg_terminate_backend(${pid})`;
    },
    mend: nothing,
  },
  {
    name: 'followers hung',
    silences: false,
    begin: async ({ sql }) => {
      stop(await backends(sql, followerName));
    },
    mend: async () => goOn(),
  },
];

/** Faults of a primary that Sentinels watch. A replica is promoted soon, so Redis never counts as down. */
export const failovers = (redis: WatchedRedis): readonly Fault[] => [
  {
    name: 'Redis primary killed, another promoted',
    silences: false,
    begin: async () => void (await redis.failOver()),
    mend: () => redis.restore(),
  },
  {
    name: 'Redis primary hung, another promoted, and the old one back as a primary',
    silences: false,
    begin: async () => void (await redis.hang()),
    mend: () => redis.restore(),
  },
];

/** Holds the servers' statements open, one backend after the other for a few ms, until `until` returns true. */
export async function holding({ sql, findings }: Ground, until: () => boolean): Promise<void> {
  while (!until()) {
    for (const pid of await backends(sql, 'customers')) {
      stop([pid]);
      findings.fault(3);
      await Bun.sleep(15);
      goOn();
      if (until()) return;
    }
    await Bun.sleep(5);
  }
}
