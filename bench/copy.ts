import { Stop } from '../src/cli/command.ts';
import { connectTo, type Server } from '../src/server/connection.ts';

/** A copy of a database, for one benchmark alone. */
export interface Copy {
  address: Server;
  database: string;
}

/**
 * Runs `work` with `database`, a copy of the database `original` that no other process uses, and drops it afterwards; one that an
 * interrupted run left is replaced. Throws Stop if the original is in use, or if another process works with the copy.
 */
export async function withCopy<T>(
  address: Server,
  original: string,
  database: string,
  work: (copy: Copy) => Promise<T>,
): Promise<T> {
  const admin = connectTo({ ...address, database: 'postgres' });
  try {
    const [lock] = await admin<{ free: boolean }[]>`
      select pg_try_advisory_lock(hashtextextended(${database}, 0)) as free`;
    if (!lock?.free) throw new Stop(`Another process is measuring in ${database}: wait until it ends.`);
    await admin`drop database if exists ${admin(database)} with (force)`;
    await copy(admin, original, database);
    const result = await work({ address, database });
    await admin`drop database if exists ${admin(database)} with (force)`;
    return result;
  } finally {
    await admin.end({ timeout: 5 });
  }
}

async function copy(admin: ReturnType<typeof connectTo>, from: string, to: string): Promise<void> {
  try {
    await admin`create database ${admin(to)} template ${admin(from)} strategy file_copy`;
  } catch (error) {
    if ((error as { code?: string }).code !== '55006') throw error;
    throw new Stop(`${from} has other connections, so it cannot be copied: stop what uses it.`);
  }
}
