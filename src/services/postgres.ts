import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { program } from './binaries.ts';
import { createCluster, type Login, setLogin, writeOwn } from './cluster.ts';
import { hasEnded, startDaemon } from './command.ts';
import { ServiceError, say } from './fault.ts';
import { openLog } from './log.ts';
import { disownPidFile, isServerOf, readPidFile } from './pid-file.ts';
import type { Place } from './place.ts';
import { freePort, isFree } from './ports.ts';
import { machine, type Purpose, postgresAccess, postgresSettings } from './settings.ts';

interface Options {
  login: Login;
  /** The required port; null: the first free one from `portFrom` on. */
  port: number | null;
  portFrom: number;
  throwaway: boolean;
  /** a replica may follow it */
  replicated: boolean;
  logFile: string;
}

const major = '18';

/** Port of the server that runs on this cluster, or null. Waits while the server starts, recovers or stops. */
export async function livingPostgres(data: string): Promise<number | null> {
  for (let waited = 0; ; waited++) {
    const file = readPidFile(data);
    if (!file || !(await isServerOf(file.pid, data))) return null;
    if (file.state === 'ready') return file.port;
    if (waited === 50) say('Waiting for PostgreSQL, which is starting or stopping ...');
    await sleep(100);
  }
}

/** Starts the server of a cluster where none runs; creates a missing cluster. Returns the port. */
export async function startPostgres(place: Place, options: Options): Promise<number> {
  const { data } = place;
  if (!existsSync(join(data, 'PG_VERSION'))) await createCluster(place, options.throwaway);
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version !== major) {
    throw new ServiceError(
      `${data} belongs to PostgreSQL ${version}, not ${major}: move it away to start over.`,
    );
  }
  disownPidFile(data);
  await setLogin(place, options.login);
  return startOn(place, options);
}

/** Starts the server of an existing cluster with settings for its port. Returns the port. */
export async function startOn(
  place: Place,
  options: Pick<Options, 'port' | 'portFrom' | 'logFile'> & Purpose,
): Promise<number> {
  const { data } = place;
  let from = options.portFrom;
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort(from));
    if (options.port !== null && !(await isFree(port))) {
      throw new ServiceError(
        `POSTGRES_PORT=${port} is used by another program: leave it unset to get a free port.`,
      );
    }
    writeOwn(place, 'postgresql.conf', postgresSettings(port, machine(data), options));
    writeOwn(place, 'pg_hba.conf', postgresAccess(options.replicated === true));
    const reason = await attemptStart(place, options.logFile);
    if (reason === null) return port;
    if (attempt === 20) throw new ServiceError(`PostgreSQL does not start (${options.logFile}): ${reason}`);
    if (/Address already in use/.test(reason)) from = port + 1;
    // After a SIGKILL of the server its children need a moment to exit.
    else if (/shared memory block|lock file/.test(reason)) await sleep(500);
    else throw new ServiceError(`PostgreSQL does not start (${options.logFile}): ${reason}`);
  }
}

/** Stops the server if one runs, within five minutes. True if there was one. */
export async function stopPostgres(data: string, throwaway: boolean): Promise<boolean> {
  const file = readPidFile(data);
  if (!file || !(await isServerOf(file.pid, data))) return false;
  // SIGINT ends the connections and writes a checkpoint, SIGQUIT ends at once.
  process.kill(file.pid, throwaway ? 'SIGQUIT' : 'SIGINT');
  if (!(await hasEnded(file.pid, 300)))
    throw new ServiceError(`PostgreSQL (process ${file.pid}) does not stop.`);
  return true;
}

/** Throws ServiceError, with what to do, unless the server accepts this login and belongs to this cluster. */
export async function assertLogin(port: number, { user, password }: Login, data: string): Promise<void> {
  const target = { host: '127.0.0.1', port, user, password, database: 'postgres' };
  const sql = postgres({ ...target, max: 1, connect_timeout: 10 });
  try {
    const [row] = await sql`select current_setting('data_directory') as folder`;
    if (realpathSync(row?.folder) === realpathSync(data)) return;
    throw new ServiceError(`The PostgreSQL on port ${port} does not use ${data}: stop it.`);
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    const { code, message } = error as { code?: string; message: string };
    if (!code?.startsWith('28'))
      throw new ServiceError(`PostgreSQL on port ${port} does not answer: ${message}`);
    throw new ServiceError(
      'The running PostgreSQL was started with another POSTGRES_USER or POSTGRES_PASSWORD: run "npm run services stop"; the next start uses the new ones.',
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Null once the server is ready, else the reason why it ended. */
async function attemptStart({ native, data, account }: Place, logFile: string): Promise<string | null> {
  const log = openLog(logFile);
  try {
    const server = startDaemon(program(native, 'postgres'), ['-D', data], log.handle, account);
    for (let waited = 0; !server.ended(); waited++) {
      const file = readPidFile(data);
      if (file?.pid === server.pid && file.state === 'ready') return null;
      if (waited === 250) say('PostgreSQL is still starting (it may be recovering from a crash) ...');
      await sleep(20);
    }
    return log.reason() || 'no output';
  } finally {
    log.close();
  }
}
