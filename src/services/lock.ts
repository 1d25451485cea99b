import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError, say } from './fault.ts';

/**
 * Runs `work` while no other process, and no other call of this one, does so with the same folder.
 *
 * The lock is SQLite's on an empty database, a lock of the operating system: it ends with the process however
 * that ends. A file holding a PID would have to be recovered after a SIGKILL, and two who recover it at once
 * can both believe that they hold it.
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
