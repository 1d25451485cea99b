import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundledPostgres, copyPostgres, program } from './binaries.ts';
import { type Account, run } from './command.ts';
import { ServiceError, say } from './fault.ts';

const defaultDataDir = join(import.meta.dir, '..', '..', '.data');

/** Where PostgreSQL is and which account it runs as: never root, which it refuses. */
export interface Place {
  /** Folder of the binaries. */
  native: string;
  /** Folder of the cluster. */
  data: string;
  account: Account;
  /** Folder outside the project for the files that the account cannot reach inside; null: not needed. */
  outside: string | null;
}

export function hasDataDir(dataDir = defaultDataDir): boolean {
  return existsSync(dataDir);
}

/** Real path of the folder for all files made at run time. Creates it if it is missing. */
export function openDataDir(dataDir = defaultDataDir): string {
  const first = mkdirSync(dataDir, { recursive: true });
  // Whatever the umask: another account must be able to traverse these folders to the cluster.
  for (let made = dataDir; first && made.startsWith(first); made = dirname(made)) chmodSync(made, 0o755);
  return realpathSync(dataDir);
}

/** Finds the place. Creates only a missing account and the copies that are needed. */
export async function findPlace(dataDir: string): Promise<Place> {
  const native = bundledPostgres();
  const data = join(dataDir, 'postgres');
  if (process.getuid?.() !== 0) {
    assertOwn(data);
    return { native, data, account: null, outside: null };
  }
  const account = ownerOf(data) ?? (await postgresAccount());
  const [binaries, folder] = await Promise.all([
    canEnter(account, program(native, 'postgres')),
    canEnter(account, dataDir),
  ]);
  if (binaries && folder) return { native, data, account, outside: null };

  const outside = openOutside(dataDir);
  const copy = join(outside, `binaries-${versionOf(native)}`);
  const cluster = folder ? data : join(outside, 'postgres');
  if (!existsSync(cluster) || (!binaries && !existsSync(copy))) {
    const what = folder ? 'The PostgreSQL binaries are' : 'PostgreSQL and its data are';
    say(
      `${what} kept in ${outside}: PostgreSQL refuses to run as root, and the user it runs as cannot enter this folder.`,
    );
  }
  return { native: binaries ? native : copyPostgres(native, copy), data: cluster, account, outside };
}

function ownerOf(folder: string): Account {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat && stat.uid !== 0 ? { uid: stat.uid, gid: stat.gid } : null;
}

function assertOwn(data: string): void {
  const owner = ownerOf(data)?.uid ?? process.getuid?.();
  if (owner === process.getuid?.()) return;
  throw new ServiceError(
    `${data} belongs to another user (${owner}): run this as root, or remove that folder.`,
  );
}

async function postgresAccount(): Promise<Account> {
  const known = await lookUp();
  if (known) return known;
  const options = ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false'];
  const { code, output } = await run('useradd', [...options, 'postgres']);
  const made = code === 0 ? await lookUp() : null;
  if (!made) {
    throw new ServiceError(
      `PostgreSQL refuses to run as root, and a user "postgres" cannot be created (${output}): create one, or run this as another user.`,
    );
  }
  say('Created the system user "postgres" to run PostgreSQL, which refuses to run as root.');
  return made;
}

async function lookUp(): Promise<Account> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((which) => run('id', [which, 'postgres'])));
  return uid?.code === 0 && gid?.code === 0 ? { uid: Number(uid.output), gid: Number(gid.output) } : null;
}

async function canEnter(account: Account, path: string): Promise<boolean> {
  const { code, output } = await run('/bin/sh', ['-c', 'test -x "$0"', path], account);
  if (code === -1)
    throw new ServiceError(
      `This root user cannot run a program as another user (${output}): run this as that user.`,
    );
  return code === 0;
}

/** Every account can write to /var/tmp, so another one may have made a folder of this name. */
function openOutside(dataDir: string): string {
  const folder = `/var/tmp/milliseconds-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
  if (!lstatSync(folder, { throwIfNoEntry: false })) mkdirSync(folder, { mode: 0o755 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== 0 || stat.mode & 0o022) {
    throw new ServiceError(`${folder} was created by another account and cannot be trusted: remove it.`);
  }
  chmodSync(folder, 0o755);
  return folder;
}

function versionOf(native: string): string {
  return JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')).version;
}
