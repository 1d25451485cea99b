import { connect, type Address as Server, type Sql } from './database.ts';

export type { Server, Sql };
export type Address = Server & { database: string };

/** One connection without a time limit. */
export function connectTo(address: Address): Sql {
  return connect(address, address.database, { pool: 1, statementTimeout: 0 });
}

/** Makes commits not wait for the disk: a crash may lose the last ones, but the database is rebuilt then. */
export async function hurry(sql: Sql): Promise<void> {
  await sql`set synchronous_commit = off`;
}

/** Runs `work` on a connection of its own, and always closes it. */
export async function connected<T>(address: Address, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = connectTo(address);
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Takes an advisory lock that ends with the connection. If another session holds it, calls `onWait` and waits.
 *
 * @param sql one connection, which stays open
 */
export async function lockFor(sql: Sql, key: string, onWait?: () => void): Promise<void> {
  const [row] = await sql<{ free: boolean }[]>`
    select pg_try_advisory_lock(hashtextextended(${key}, 0)) as free`;
  if (row?.free) return;
  onWait?.();
  await sql`select pg_advisory_lock(hashtextextended(${key}, 0))`;
}
