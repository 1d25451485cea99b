import { chownSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../bench/servers.ts';
import { bringUp } from '../src/migrate/migrate.ts';
import { ensureSeeded } from '../src/seed/index.ts';
import { connected } from '../src/server/connection.ts';
import type { Sql } from '../src/server/database.ts';
import { findOnPath, hasEnded, run, startDaemon } from '../src/services/command.ts';
import { openLog } from '../src/services/log.ts';
import { findPlace, openDataDir } from '../src/services/place.ts';
import { type Copy, newName } from './cluster.ts';
import { type OptimizedOptions, openOptimized } from './optimized/room.ts';
import type { Room } from './rooms.ts';

// A coordinator of Citus and two workers, all on this machine, and servers whose tables they distribute.

/** The program folder of a PostgreSQL 18 with Citus; `missing` states on one line why there is none. */
export async function findCitus(): Promise<{ bin: string } | { missing: string }> {
  // The PATH, then the folders of the PostgreSQL packages (Debian, Red Hat).
  const known = ['/usr/lib/postgresql/18/bin', '/usr/pgsql-18/bin'].map((folder) =>
    join(folder, 'pg_config'),
  );
  for (const config of [findOnPath('pg_config'), ...known]) {
    if (!config || !existsSync(config)) continue;
    const [version, share, bin] = await Promise.all(
      ['--version', '--sharedir', '--bindir'].map(async (what) => (await run(config, [what])).output),
    );
    const control = join(share!, 'extension', 'citus.control');
    if (/^PostgreSQL 18\b/.test(version!) && existsSync(control) && existsSync(join(bin!, 'initdb')))
      return { bin: bin! };
  }
  return { missing: 'there is no PostgreSQL 18 with Citus here (apt.postgresql.org, yum.postgresql.org).' };
}

export interface Citus {
  /** of the coordinator */
  port: number;
  workers: number[];
  /** A distributed database of the optimized server with `customers` seeded customers. */
  seeded(customers: number): Promise<Copy>;
  /** A database without rows. It is emptied instead of dropped, because creating another one takes seconds. */
  empty(): Promise<Copy>;
  stop(): Promise<void>;
}

const login = { host: '127.0.0.1', user: 'postgres', password: 'postgres' };

/** Runs `work` with its own connection to a database of one node. */
export const on = <T>(port: number, database: string, work: (sql: Sql) => Promise<T>): Promise<T> =>
  connected({ ...login, port, database }, work);

/** Starts the three nodes. Throws the reason if one of them does not start. */
export async function startCitus(bin: string): Promise<Citus> {
  const { account } = await findPlace(openDataDir());
  const folder = join(openDataDir(), `test-${process.pid}-citus`);
  mkdirSync(folder, { recursive: true });
  if (account) chownSync(folder, account.uid, account.gid);
  const start = async () => {
    const [port, data] = [freePort(), join(folder, crypto.randomUUID())];
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8'];
    const made = await run(
      join(bin, 'initdb'),
      ['-D', data, '-U', login.user, '-A', 'trust', '-N', ...locale],
      account,
    );
    if (made.code !== 0) throw new Error(made.output);
    const settings = {
      ...{ port, listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 300 },
      ...{ shared_preload_libraries: 'citus', shared_buffers: '64MB', fsync: 'off' },
      // Few shards, because there are few processors. In-doubt transactions are decided at once.
      ...{ 'citus.shard_count': 4, 'citus.recover_2pc_interval': '200ms' },
    };
    const log = openLog(join(folder, `${port}.log`));
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const daemon = startDaemon(join(bin, 'postgres'), ['-D', data, ...args], log.handle, account);
    for (const until = Date.now() + 60_000; ; await Bun.sleep(50)) {
      if (await on(port, 'postgres', async (sql) => sql`select`).catch(() => null)) break;
      if (daemon.ended() || Date.now() > until) throw new Error(`A node does not start: ${log.reason()}`);
    }
    log.close();
    return { port, pid: daemon.pid };
  };
  const nodes = await Promise.all([start(), start(), start()]);
  const [port, ...workers] = nodes.map((node) => node.port) as [number, number, number];
  const end = () => {
    for (const { pid } of nodes) {
      try {
        process.kill(pid, 'SIGQUIT');
      } catch {}
    }
  };
  process.on('exit', end);
  const postgres = { ...login, port };
  const services = { postgres, redis: null, redisMissing: 'none is used', replica: null };

  async function seeded(customers: number): Promise<Copy> {
    const db = newName();
    const name = `${db}_optimized`;
    // The tables are filled on one server first, then distributed, as a user does it.
    await ensureSeeded({ services, db, customers, only: 'optimized', quiet: true });
    for (const worker of workers) await on(worker, 'postgres', (sql) => sql`create database ${sql(name)}`);
    for (const node of [...workers, port]) await on(node, name, (sql) => sql`create extension citus`);
    await on(port, name, async (sql) => {
      await sql`select citus_set_coordinator_host(${login.host}, ${port})`;
      for (const worker of workers) await sql`select citus_add_node(${login.host}, ${worker})`;
      // For the SQL of the tests; the functions that write set it themselves.
      await sql.unsafe(`alter database "${name}" set citus.multi_shard_modify_mode = 'sequential'`);
    });
    await bringUp(postgres, 'optimized', name, () => {});
    // The databases are removed with the nodes.
    return { services, db, name, drop: async () => {} };
  }

  const free: Copy[] = [];
  return {
    ...{ port, workers, seeded },
    async empty() {
      const copy = free.pop() ?? (await seeded(0));
      const drop = async () => {
        await on(port, copy.name, async (sql) => {
          await sql`truncate customer, customer_relationship, customer_list, used_customer_id, address, idempotency_key`;
          await sql`select setval(pg_get_serial_sequence(name, 'id'), 1, false)
            from unnest(array['customer', 'customer_relationship', 'address']) name`;
        });
        free.push(copy);
      };
      return { ...copy, drop };
    },
    async stop() {
      end();
      await Promise.all(nodes.map(({ pid }) => hasEnded(pid, 20)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The optimized server on a distributed database, empty unless filled. No triggers apply the tests' SQL to the read model. */
export async function openDistributed(citus: Citus, options: OptimizedOptions = {}): Promise<Room> {
  const copy = options.on ?? (await citus.empty());
  const changed = async (sql: Sql, ids: number[]) => {
    const list = `{${ids}}`;
    const rows = await sql<{ customer_id: string }[]>`
      select customer_id from customer where id = any(${list}::bigint[])`;
    for (const { customer_id } of rows)
      await sql`insert into used_customer_id (customer_id) values (${customer_id}) on conflict do nothing`;
    await sql`select customer_list_refresh(${list}::bigint[])`;
  };
  const fill = async (sql: Sql) => {
    await options.fill?.(sql);
    const rows = await sql<{ id: number }[]>`select id from customer`;
    await changed(
      sql,
      rows.map(({ id }) => id),
    );
  };
  const room = await openOptimized({
    ...{ ...options, on: copy, distributed: true, changed },
    ...(options.fill && { fill }),
  }).catch(async (error) => {
    if (!options.on) await copy.drop();
    throw error;
  });
  return { ...room, close: () => room.close().finally(() => (options.on ? undefined : copy.drop())) };
}
