import { chownSync, constants, existsSync, rmSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import type { Login } from './cluster.ts';
import { writeOwn } from './cluster.ts';
import { ServiceError, say } from './fault.ts';
import { readPidFile } from './pid-file.ts';
import type { Place } from './place.ts';
import { livingPostgres, startOn, stopPostgres } from './postgres.ts';
import { machine, postgresSettings } from './settings.ts';

// A replica of the embedded PostgreSQL. Its files are copied while the primary runs, with PostgreSQL's low-level backup functions
// (https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP), because the packages have no
// pg_basebackup and both servers are on this machine. It streams the WAL, of which `wal_keep_size` is kept.

/** The replica's cluster, next to that of its primary. */
export const replicaOf = (data: string): string => join(dirname(data), 'postgres-replica');

interface Options {
  /** port of the server to follow */
  primary: number;
  login: Login;
  portFrom: number;
  throwaway: boolean;
  logFile: string;
}

/** Ensures that a replica runs and follows. Returns its port. A copy that is too far behind is made again. */
export async function keepReplica(primary: Place, options: Options): Promise<number> {
  const place = { ...primary, data: replicaOf(primary.data) };
  const living = await livingPostgres(place.data);
  if (living !== null) {
    follow(place, living, options);
    if (await isFollowing(living, options.login)) return living;
    await stopPostgres(place.data, true);
  } else if (existsSync(join(place.data, 'standby.signal'))) {
    const port = await start(place, options).catch(() => null);
    if (port !== null && (await isFollowing(port, options.login))) return port;
    if (port !== null) await stopPostgres(place.data, true);
  }
  await copyRunning(primary, place, options);
  const port = await start(place, options);
  if (await isFollowing(port, options.login)) return port;
  throw new ServiceError(`The replica on port ${port} does not follow the primary (${options.logFile}).`);
}

/** Stops the replica and removes its files, which are only a copy. */
export async function removeReplica(primaryData: string): Promise<void> {
  const data = replicaOf(primaryData);
  await stopPostgres(data, true);
  rmSync(data, { recursive: true, force: true });
}

/** Whether the server on this port writes the WAL that a replica needs. */
export const isReplicated = (port: number, login: Login): Promise<boolean> =>
  asked(port, login, async (sql) => {
    const [row] = await sql`select current_setting('wal_level') as level`;
    return row?.level === 'replica';
  });

const purpose = ({ primary, login, throwaway }: Options) => {
  const quoted = (value: string) => `'${value.replace(/['\\]/g, '\\$&')}'`;
  const { user, password } = login;
  const follows = `host=127.0.0.1 port=${primary} user=${quoted(user)} password=${quoted(password)} application_name=replica`;
  return { throwaway, replicated: true, follows };
};

const start = (place: Place, options: Options): Promise<number> =>
  startOn(place, { ...purpose(options), port: null, portFrom: options.portFrom, logFile: options.logFile });

/** Gives a running replica the address of its primary, which may have restarted on another port. */
function follow(place: Place, port: number, options: Options): void {
  writeOwn(place, 'postgresql.conf', postgresSettings(port, machine(place.data), purpose(options)));
  process.kill(readPidFile(place.data)!.pid, 'SIGHUP');
}

/** Whether it streams the WAL within ten seconds. */
const isFollowing = (port: number, login: Login): Promise<boolean> =>
  asked(port, login, async (sql) => {
    for (let waited = 0; waited < 200; waited++) {
      const [row] = await sql`select from pg_stat_wal_receiver where status = 'streaming'`;
      if (row) return true;
      await Bun.sleep(50);
    }
    return false;
  });

/** Copies the cluster of a running server. */
async function copyRunning(from: Place, to: Place, { primary, login, throwaway }: Options): Promise<void> {
  if (!throwaway) say(`Copying PostgreSQL's files to ${to.data} for a replica ...`);
  rmSync(to.data, { recursive: true, force: true });
  await asked(primary, login, async (sql) => {
    await sql`select pg_backup_start('replica', true)`;
    await copyFolder(from.data, to, '');
    const [label] = await sql`select labelfile from pg_backup_stop(false)`;
    writeOwn(to, 'backup_label', label!.labelfile);
    writeOwn(to, 'standby.signal', '');
  });
}

/** The replica makes the contents of these folders itself. */
const madeAnew =
  /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\//;
/** These belong to the running server. */
const own = /^(postmaster\.(pid|opts)|postgresql\.conf|.*pg_internal\.init.*|.*pgsql_tmp.*)$/;

async function copyFolder(root: string, to: Place, folder: string): Promise<void> {
  const { data, account } = to;
  const made = join(data, folder);
  await mkdir(made, { mode: 0o700 });
  if (account) chownSync(made, account.uid, account.gid);
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (own.test(path)) continue;
    if (entry.isDirectory()) {
      await copyFolder(root, to, path);
      continue;
    }
    if (madeAnew.test(path)) continue;
    try {
      await copyFile(join(root, path), join(data, path), constants.COPYFILE_FICLONE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue; // dropped meanwhile; the WAL has that too
      throw error;
    }
    if (account) chownSync(join(data, path), account.uid, account.gid);
  }
}

async function asked<T>(port: number, login: Login, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const { user, password } = login;
  const sql = postgres({ host: '127.0.0.1', port, user, password, database: 'postgres', max: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
