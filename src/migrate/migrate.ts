import { availableParallelism, totalmem } from 'node:os';
import { type DoStep, type OnProgress, type Steps, timed } from '../cli/progress.ts';
import type { Step } from '../optimized/listing/schema.ts';
import { connected, lockFor, type Server } from '../server/connection.ts';
import type { Sql } from '../server/database.ts';
import distributeText from '../sql/citus/distribute.sql' with { type: 'text' };
import dropText from '../sql/migrate/drop.sql' with { type: 'text' };
import refuseText from '../sql/migrate/refuse.sql' with { type: 'text' };
import schemaText from '../sql/migrate/schema.sql' with { type: 'text' };
import type { Kind } from './state.ts';
import { digestOf, distributedReadModel, type Migration, migrations, readModel } from './steps.ts';
import { versions } from './versions.ts';

// Each migration and each step is one transaction, which also records that it is done. So an interrupted run resumes where it
// stopped, and a failed step leaves nothing behind.

const lockName = 'migrate';

/** A database cannot be migrated. The message is one line that says what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

export interface MigrateOptions {
  /** runs each step and shows its progress */
  step?: DoStep;
  /** rebuilds the read model, even if it is of this version or a newer one */
  rebuild?: boolean;
  /** called before waiting for another process that is migrating the database */
  onWait?: () => void;
}

/**
 * Brings a database up to this version: the tables first, then, for the optimized server, the read model if another version
 * made it. Does nothing if the database is current. Concurrent calls run one after the other.
 *
 * @param sql one connection, which stays open
 * @throws MigrationError; PostgreSQL errors unchanged
 */
export async function migrate(sql: Sql, kind: Kind, options: MigrateOptions = {}): Promise<void> {
  const { step = (_, work) => work().then(() => {}), rebuild = false, onWait } = options;
  await lockFor(sql, lockName, onWait);
  try {
    await sql.unsafe(schemaText).simple();
    const pending = await pendingOf(sql);
    const model = (await hasCitus(sql)) ? distributedReadModel : readModel;
    const remakes = kind === 'optimized' && (await isToRemake(sql, model, rebuild));
    // Tables cannot be altered while views and triggers of the read model depend on them.
    if (remakes) await drop(sql, model);
    for (const migration of pending) await step(migration.name, () => apply(sql, migration));
    if (kind === 'optimized') await makeReadModel(sql, model, step);
  } finally {
    await sql`select pg_advisory_unlock(hashtextextended(${lockName}, 0))`;
  }
}

/** Migrates the database `name`, reports each step and returns the time of each. */
export async function bringUp(
  server: Server,
  kind: Kind,
  name: string,
  onProgress: OnProgress,
  rebuild = false,
): Promise<Steps> {
  const { step, steps } = timed(name, onProgress);
  const onWait = () => onProgress({ kind: 'note', text: `${name}: waiting for another migration` });
  await connected({ ...server, database: name }, (sql) => migrate(sql, kind, { step, rebuild, onWait }));
  return steps;
}

/** The migrations that the database lacks, in order. */
async function pendingOf(sql: Sql): Promise<Migration[]> {
  const applied = await sql<{ number: number; name: string; digest: string }[]>`
    select number, name, digest from migration.applied order by number`;
  for (const { number, name, digest } of applied) {
    const known = migrations.find((migration) => migration.number === number);
    if (!known)
      throw new MigrationError(
        `${name} was applied by a newer version of this code, and migrations only go forward: use that version`,
      );
    if (digestOf([known]) !== digest)
      throw new MigrationError(
        `${name} differs from the one that was applied; restore the file, and add a new migration for a change`,
      );
  }
  return migrations.slice(applied.length);
}

/** Applies the migrations at `from` up to, but not including, `to` to a database that is being built. */
export async function applyAll(sql: Sql, from: number, to?: number): Promise<void> {
  await sql.unsafe(schemaText).simple();
  for (const migration of migrations.slice(from, to)) await apply(sql, migration);
}

async function apply(sql: Sql, migration: Migration): Promise<void> {
  const { number, name } = migration;
  await sql.begin(async (one) => {
    await one`set local migration.runs = 'yes'`;
    const made = await objectsMadeBy(one, migration);
    await one`
      insert into migration.applied (number, name, digest, made)
      values (${number}, ${name}, ${digestOf([migration])}, ${made})`;
  });
}

/** Runs a step in a transaction and returns the names of the objects that it created. */
async function objectsMadeBy(one: Pick<Sql, 'unsafe'>, { text }: Step): Promise<string[]> {
  const objects = async () => {
    const rows = await one.unsafe<{ identity: string }[]>('select identity from migration.objects()');
    return rows.map(({ identity }) => identity);
  };
  const before = new Set(await objects());
  await one.unsafe(text).simple();
  return (await objects()).filter((identity) => !before.has(identity));
}

/** Whether the extension is installed. If so, the tables are distributed. */
async function hasCitus(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ there: boolean }[]>`
    select exists (select from pg_extension where extname = 'citus') as there`;
  return row!.there;
}

async function isToRemake(sql: Sql, model: Step[], rebuild: boolean): Promise<boolean> {
  const [row] = await sql<{ number: number; same: boolean }[]>`
    select number, digest = ${digestOf(model)} as same from migration.read_model`;
  if (row && row.number > versions.readModel && !rebuild)
    throw new MigrationError(
      'The read model was built by a newer version of this code: use that version, or rebuild it with --rebuild',
    );
  return rebuild || !row?.same;
}

async function drop(sql: Sql, model: Step[], attempts = 10): Promise<void> {
  const dropped = sql.begin(async (one) => {
    await one.unsafe(dropText).simple();
    // Citus has no triggers on distributed tables: servers have to be stopped instead.
    if (model === readModel) await one.unsafe(refuseText).simple();
    await one`delete from migration.read_model`;
    await one`insert into migration.read_model (number, digest) values (${versions.readModel}, ${digestOf(model)})`;
  });
  // Writes lock the tables in several orders, so one of them and this transaction may deadlock.
  await dropped.catch((error: { code?: string }) => {
    if (error.code !== deadlock || attempts === 1) throw error;
    return drop(sql, model, attempts - 1);
  });
}

const deadlock = '40P01';

async function makeReadModel(sql: Sql, model: Step[], step: DoStep): Promise<void> {
  const [row] = await sql<{ steps: string[]; complete: boolean }[]>`
    select steps, complete from migration.read_model`;
  const { steps, complete } = row!;
  if (complete) return;
  await tune(sql);
  if (model === distributedReadModel)
    await step('distribute', () => sql.begin((one) => one.unsafe(distributeText).simple()));
  for (const { name, text } of model) {
    if (steps.includes(name)) continue;
    await step(name, () =>
      sql.begin(async (one) => {
        const made = await objectsMadeBy(one, { name, text });
        await one`
          update migration.read_model set steps = steps || ${name}::text, made = made || ${made}::text[]`;
      }),
    );
  }
  await step('analyze', () => analyze(sql));
  await sql.begin(async (one) => {
    await one`drop function if exists migration.refuse() cascade`;
    await one`update migration.read_model set complete = true`;
  });
}

/** Freezing now marks all disk blocks visible and leaves no vacuum work for the middle of a measurement. */
export async function analyze(sql: Sql): Promise<void> {
  await sql.unsafe('vacuum (freeze, analyze)');
}

/**
 * Sets memory and processors for building keys, indexes and the read model, according to this machine. Indexes get at most
 * 128 MB: with 1 GB the inverted index takes 28 s instead of 21 (300 000 customers), because the entries that it gathers outgrow
 * the CPU caches. No parallel hashes: they would use that much shared memory, of which a container has 64 MB by default.
 */
export async function tune(sql: Sql): Promise<void> {
  const megabytes = Math.min(1_024, Math.max(64, Math.floor(totalmem() / 2 ** 20 / 16)));
  const settings = {
    maintenance_work_mem: `${Math.min(128, megabytes)}MB`,
    max_parallel_maintenance_workers: Math.min(8, availableParallelism()),
    work_mem: `${Math.floor(megabytes / 4)}MB`,
    enable_parallel_hash: 'off',
  };
  for (const [name, value] of Object.entries(settings)) await sql.unsafe(`set ${name} = '${value}'`);
}
