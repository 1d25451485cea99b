import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stop } from '../../src/cli/command.ts';
import { tune } from '../../src/migrate/migrate.ts';
import { connected, hurry, type Server, type Sql } from '../../src/server/connection.ts';

/** Seconds of each step of the plain way. */
export interface Plain {
  copies: { table: string; seconds: number }[];
  builds: { name: string; seconds: number }[];
  seconds: number;
}

/**
 * Fills a copy of the database `name` the plain way: COPY from existing files, one table after the other, then each key
 * and index of that database, with the seeder's own settings. No row is generated, joined or rendered.
 */
export async function plainly(server: Server, name: string, onStep: (step: string) => void): Promise<Plain> {
  const copy = `${name}_plain`;
  const admin = { ...server, database: 'postgres' };
  const folder = await mkdtemp(join(tmpdir(), 'customers-seeding-'));
  try {
    // If this process is root, PostgreSQL runs as another user.
    await chmod(folder, 0o777);
    const tables = await connected({ ...server, database: name }, (sql) => writeFiles(sql, folder, onStep));
    await connected(admin, async (sql) => {
      await sql.unsafe(`drop database if exists "${copy}" with (force)`);
      await sql.unsafe(`create database "${copy}" template "${name}" strategy file_copy`);
    });
    return await connected({ ...server, database: copy }, (sql) => fill(sql, folder, tables, onStep));
  } finally {
    await rm(folder, { recursive: true, force: true });
    await connected(admin, (sql) => sql.unsafe(`drop database if exists "${copy}" with (force)`));
  }
}

async function writeFiles(sql: Sql, folder: string, onStep: (step: string) => void): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by oid`;
  for (const { name } of rows) {
    onStep(`writing ${name} to a file`);
    await sql.unsafe(`copy "${name}" to '${folder}/${name}'`).catch((error: Error) => {
      throw new Stop(`PostgreSQL cannot write to ${folder} (${error.message}): it must run on this machine.`);
    });
  }
  return rows.map(({ name }) => name);
}

async function fill(
  sql: Sql,
  folder: string,
  tables: string[],
  onStep: (step: string) => void,
): Promise<Plain> {
  await hurry(sql);
  await tune(sql);
  const builds = await strip(sql, tables);
  const timed = async (step: string, statement: string) => {
    onStep(step);
    const began = performance.now();
    await sql.unsafe(statement);
    return (performance.now() - began) / 1000;
  };
  const plain: Plain = { copies: [], builds: [], seconds: 0 };
  for (const table of tables) {
    const seconds = await timed(`COPY ${table}`, `copy "${table}" from '${folder}/${table}'`);
    plain.copies.push({ table, seconds });
  }
  for (const { name, statement } of builds) {
    plain.builds.push({ name, seconds: await timed(`building ${name}`, statement) });
  }
  plain.seconds = [...plain.copies, ...plain.builds].reduce((sum, { seconds }) => sum + seconds, 0);
  return plain;
}

interface Build {
  name: string;
  statement: string;
}

/** Drops constraints and indexes, disables triggers, removes rows. Returns the statements that undo the drops, in order. */
async function strip(sql: Sql, tables: string[]): Promise<Build[]> {
  // Foreign keys need the keys they reference: dropped first, rebuilt last.
  const constraints = await sql<(Build & { table: string })[]>`
    select conname as name, conrelid::regclass::text as table,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as statement
    from pg_constraint
    where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'c', 'f')
    order by contype = 'f', conrelid, conname`;
  const indexes = await sql<Build[]>`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as statement
    from pg_index
    join pg_class on pg_class.oid = indexrelid and relnamespace = 'public'::regnamespace
    where not exists (select from pg_constraint where conindid = indexrelid)
    order by indexrelid`;
  for (const { name, table } of constraints.toReversed())
    await sql.unsafe(`alter table ${table} drop constraint "${name}"`);
  for (const { name } of indexes) await sql.unsafe(`drop index ${name}`);
  for (const table of tables) await sql.unsafe(`alter table "${table}" disable trigger user`);
  await sql.unsafe(`truncate ${tables.map((table) => `"${table}"`).join(', ')}`);
  const last = constraints.filter(({ statement }) => statement.includes(' FOREIGN KEY '));
  return [...constraints.filter((one) => !last.includes(one)), ...indexes, ...last];
}
