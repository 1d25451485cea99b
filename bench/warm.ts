import type { Sql } from '../src/server/database.ts';

/**
 * Reads the tables and indexes of a database into memory, indexes last. Otherwise, after a pause or other work, the first
 * request for a row would pay for the disk read (80 ms for 163 rows), and a shape's figures would depend on its place in
 * the run. Does nothing if PostgreSQL lacks pg_prewarm or the user may not load it. Leaves nothing behind.
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
    // The user's database must stay unchanged.
    await connection`rollback`;
    connection.release();
  }
}
