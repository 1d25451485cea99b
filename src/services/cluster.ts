import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../server/config.ts';
import { program } from './binaries.ts';
import { run } from './command.ts';
import { ServiceError, say } from './fault.ts';
import type { Place } from './place.ts';

export type Login = Pick<Config['postgres'], 'user' | 'password'>;

/** Creates an empty cluster. `throwaway`: not crash-safe, and without a message. */
export async function createCluster({ native, data, account }: Place, throwaway: boolean): Promise<void> {
  if (existsSync(data)) throw new ServiceError(`${data} exists but is not a PostgreSQL cluster: remove it.`);
  if (!throwaway) say(`Setting up PostgreSQL in ${data} (once) ...`);
  // Built under another name and renamed, so that an interruption leaves no partial cluster behind.
  const half = `${data}.new`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half);
  chmodSync(half, 0o700);
  if (account) chownSync(half, account.uid, account.gid);
  const { code, output } = await run(
    program(native, 'initdb'),
    [
      `--pgdata=${half}`,
      '--username=postgres',
      '--auth=trust', // until pg_hba.conf is written, before the first start
      '--encoding=UTF8',
      // The built-in locale sorts text by code point, whatever the host has.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      ...(throwaway ? ['--no-sync'] : []),
    ],
    account,
  );
  if (code !== 0)
    throw new ServiceError(`PostgreSQL cannot be set up: ${output.split('\n').slice(-3).join(' | ')}`);
  renameSync(half, data);
}

/** Sets this superuser and password, in single-user mode, which needs no login. The server must not be running. */
export async function setLogin(place: Place, { user, password }: Login): Promise<void> {
  const mark = createHash('sha256').update(`${user}\0${password}`).digest('hex');
  const markFile = join(place.data, 'milliseconds.login');
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === mark) return;
  const role = `"${user.replaceAll('"', '""')}"`;
  // The first statement fails if the role exists, which is harmless.
  const input = `create role ${role};\nalter role ${role} superuser login password '${password.replaceAll("'", "''")}';\n`;
  const args = ['--single', '-D', place.data, 'postgres'];
  const { code, output } = await run(program(place.native, 'postgres'), args, place.account, input);
  if (code !== 0)
    throw new ServiceError(
      `The PostgreSQL password cannot be set: ${output.split('\n').slice(-3).join(' | ')}`,
    );
  writeOwn(place, 'milliseconds.login', mark);
}

/** Writes a file of the cluster, owned by the cluster's account. */
export function writeOwn({ data, account }: Place, name: string, text: string): void {
  const file = join(data, name);
  writeFileSync(file, text, { mode: 0o600 });
  if (account) chownSync(file, account.uid, account.gid);
}
