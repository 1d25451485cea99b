import type { Sql } from '../src/server/database.ts';

/**
 * Reads tables and indexes of a database into memory, the indexes last: after a pause, or with other work between, the
 * first to ask for a row would pay the disk for it (80 ms for 163 rows), and a shape be judged by its place in the run.
 * Does nothing where PostgreSQL comes without pg_prewarm or the user may not load it, and leaves nothing behind.
 *
 * Source: https://www.postgresql.org/docs/current/pgprewarm.html
 */
export async function readIntoMemory(sql: Sql): Promise<void> {
  const [known] = await sql`
    select from pg_available_extensions
    where name = 'pg_prewarm' and current_setting('is_superuser') = 'on'`;
  if (!known) return;
  const connection = await sql.reserve();
  try {
    await connection`begin`;
    await connection`set local client_min_messages = error`;
    await connection`create extension if not exists pg_prewarm`;
    await connection`
      select pg_prewarm(oid::regclass)
      from (
        select oid from pg_class
        where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace
        order by relkind = 'i', pg_relation_size(oid) offset 0
      ) relation`;
  } finally {
    // A database that is not our own stays as it was.
    await connection`rollback`;
    connection.release();
  }
}
