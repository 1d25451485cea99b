import { Stop } from '../../src/cli/command.ts';
import { connectTo, type Server } from '../../src/server/connection.ts';
import type { Stage } from '../stage.ts';

/** The ladder's own database. */
export interface Base {
  address: Server;
  database: string;
}

/**
 * Runs `work` with a copy of the naive database that no other process uses, and drops the copy afterwards. Throws Stop if
 * the original is in use or another ladder is being measured.
 */
export async function withLadderDatabase<T>(
  { services, db }: Stage,
  work: (base: Base) => Promise<T>,
): Promise<T> {
  const admin = connectTo({ ...services.postgres, database: 'postgres' });
  const database = `${db}_ladder`;
  try {
    const [lock] = await admin<{ free: boolean }[]>`
      select pg_try_advisory_lock(hashtextextended(${database}, 0)) as free`;
    if (!lock?.free)
      throw new Stop(`Another process is measuring the ladder in ${database}: wait until it ends.`);
    await admin`drop database if exists ${admin(database)} with (force)`;
    await copy(admin, `${db}_naive`, database);
    const result = await work({ address: services.postgres, database });
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
