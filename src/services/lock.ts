import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError, say } from './fault.ts';

/**
 * Runs `work` under an exclusive lock on the folder, across processes and calls of this one.
 *
 * The lock is SQLite's on an empty database, which is a lock of the operating system: it is released however the
 * process ends. A PID file would need recovery after a SIGKILL, and two processes that recover it at once can both
 * take it.
 */
export async function withLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const file = join(folder, 'services.lock');
  const lock = open(file);
  try {
    for (let waited = 0; !take(lock); waited++) {
      if (waited === 60) say('Waiting for another process that is starting or stopping the services ...');
      await sleep(50);
    }
    return await work();
  } finally {
    lock.close();
  }
}

function open(file: string): Database {
  try {
    return new Database(file, { create: true });
  } catch (error) {
    throw new ServiceError(
      `${file} cannot be opened (${(error as Error).message}): does it belong to another user?`,
    );
  }
}

function take(lock: Database): boolean {
  try {
    lock.run('begin exclusive');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return false;
    throw new ServiceError(`The services cannot be locked: ${(error as Error).message}`);
  }
}
