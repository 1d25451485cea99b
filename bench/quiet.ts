import type { Sql } from '../src/server/database.ts';

/**
 * Cancels the statements that servers still run in a database when no client waits for them any more. `admin` is a
 * connection to another database of the same PostgreSQL.
 */
export async function quieten(admin: Sql, database: string): Promise<void> {
  // A cancelled statement frees its pool connection for the next queued one. Repeat until none is active.
  for (let round = 0; round < 20; round++) {
    const cancelled = await admin`
      select pg_cancel_backend(pid) from pg_stat_activity
      where datname = ${database} and application_name = 'customers' and state = 'active'`;
    if (cancelled.length === 0) return;
    await Bun.sleep(30);
  }
}
