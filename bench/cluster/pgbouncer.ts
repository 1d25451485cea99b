import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, hasEnded, run, startDaemon } from '../../src/services/command.ts';
import { ServiceError } from '../../src/services/fault.ts';
import type { Services } from '../../src/services/index.ts';
import { openLog } from '../../src/services/log.ts';
import { findPlace, openDataDir } from '../../src/services/place.ts';
import { isFree } from '../../src/services/ports.ts';
import { freePort, type Room } from '../servers.ts';

// PgBouncer with the settings of deploy/pgbouncer.ini, which are under test. Only addresses and names differ.

const settingsFile = join(import.meta.dir, '../../deploy/pgbouncer.ini');
/** The first version that tracks prepared statements in transaction mode. */
const oldest = [1, 21] as const;

/** A PgBouncer from the PATH or Debian's folder. `missing` says on one line why none can be used. */
export async function findPgBouncer(): Promise<{ path: string; version: string } | { missing: string }> {
  const path = findOnPath('pgbouncer') ?? Bun.which('pgbouncer', { PATH: '/usr/sbin:/usr/local/sbin' });
  if (!path) return { missing: 'PgBouncer is not installed.' };
  const { output } = await run(path, ['--version']);
  const [, major, minor, patch] = /PgBouncer (\d+)\.(\d+)\.(\d+)/.exec(output) ?? [];
  const version = `${major}.${minor}.${patch}`;
  if (Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]))
    return {
      missing: `PgBouncer ${version} does not track prepared statements: ${oldest.join('.')} or newer does.`,
    };
  return major ? { path, version } : { missing: `${path} does not run here: ${output.split('\n').at(-1)}` };
}

/** A PgBouncer in transaction mode in front of a PostgreSQL. */
export interface PgBouncer {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

interface Options {
  path: string;
  postgres: Services['postgres'];
  /** the database of each server that is reached through it; `*` for any */
  databases: Partial<Record<Room, string>>;
  /** default: a free port */
  port?: number;
  /** these replace the settings of the file */
  settings?: Record<string, string | number>;
}

/** Starts a PgBouncer on a loopback port. Throws ServiceError if it does not start. */
export async function startPgBouncer(options: Options): Promise<PgBouncer> {
  const { path, postgres, databases, settings, port = freePort() } = options;
  // PgBouncer refuses to run as root, so any account can read its files.
  const { account } = await findPlace(openDataDir());
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
  chmodSync(folder, 0o755);
  const users = join(folder, 'userlist.txt');
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  writeFileSync(users, `${quoted(postgres.user)} ${quoted(postgres.password)}\n`);
  const file = join(folder, 'pgbouncer.ini');
  const own = { listen_addr: '127.0.0.1', listen_port: port, auth_file: users };
  writeFileSync(file, settingsFor(postgres, databases, { ...own, ...settings }));
  const log = openLog(join(folder, 'log'));
  const { pid, ended } = startDaemon(path, [file], log.handle, account);
  const end = () => void (ended() || process.kill(pid, 'SIGQUIT')); // immediate, whatever its clients do
  process.once('exit', end);
  while (await isFree(port)) {
    if (ended()) throw new ServiceError(`PgBouncer does not start: ${log.reason() || 'no output'}`);
    await Bun.sleep(20);
  }
  log.close();
  return {
    port,
    pid,
    async stop() {
      process.off('exit', end);
      end();
      if (!ended()) await hasEnded(pid, 5);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** deploy/pgbouncer.ini with other addresses, databases and settings. */
function settingsFor(
  { host, port }: Services['postgres'],
  databases: Options['databases'],
  settings: Record<string, string | number>,
): string {
  const given = readFileSync(settingsFile, 'utf8').replace(
    /^customers_(naive|optimized) = host=\S+ port=\d+(.*)$/gm,
    (_, room: Room, rest: string) =>
      databases[room] ? `${databases[room]} = host=${host} port=${port}${rest}` : '',
  );
  return Object.entries(settings).reduce((text, [name, value]) => {
    const line = new RegExp(`^${name} = .*$`, 'm');
    return line.test(text) ? text.replace(line, `${name} = ${value}`) : `${text}${name} = ${value}\n`;
  }, given);
}
