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

// Every migration and every step is a transaction that also writes down that it is done. So what was interrupted goes on
// where it was, and of what failed nothing is left.

const lockName = 'migrate';

/** A database cannot be migrated. The message is one line that says what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

export interface MigrateOptions {
  /** does each step; shows how far it is */
  step?: DoStep;
  /** makes the read model anew, also where it is this version's, or that of a newer one */
  rebuild?: boolean;
  /** is told when another process migrates the database, which is waited for */
  onWait?: () => void;
}

/**
 * Brings a database up to this version: the tables first, then, for the optimized server, the read model, if another
 * version made it. Does nothing where nothing is to be done. Of two at once one waits for the other.
 *
 * @param sql one connection, which stays open
 * @throws MigrationError; errors of PostgreSQL as they come
 */
export async function migrate(sql: Sql, kind: Kind, options: MigrateOptions = {}): Promise<void> {
  const { step = (_, work) => work().then(() => {}), rebuild = false, onWait } = options;
  await lockFor(sql, lockName, onWait);
  try {
    await sql.unsafe(schemaText).simple();
    const pending = await pendingOf(sql);
    const model = (await hasCitus(sql)) ? distributedReadModel : readModel;
    const remakes = kind === 'optimized' && (await isToRemake(sql, model, rebuild));
    // A table cannot be changed beneath the views and triggers of a read model.
    if (remakes) await drop(sql, model);
    for (const migration of pending) await step(migration.name, () => apply(sql, migration));
    if (kind === 'optimized') await makeReadModel(sql, model, step);
  } finally {
    await sql`select pg_advisory_unlock(hashtextextended(${lockName}, 0))`;
  }
}

/** Migrates the database `name`, tells of each step, and answers what it took. */
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

/** The migrations that the database lacks, in their order. */
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
        `${name} is not the one that was applied; put back the file as it was, and add a new one for a change`,
      );
  }
  return migrations.slice(applied.length);
}

/** Applies the migrations `from` up to, but not including, `to` to a database that is being made. */
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

/** Runs a step in a transaction, and answers the names of the objects that it has made. */
async function objectsMadeBy(one: Pick<Sql, 'unsafe'>, { text }: Step): Promise<string[]> {
  const objects = async () => {
    const rows = await one.unsafe<{ identity: string }[]>('select identity from migration.objects()');
    return rows.map(({ identity }) => identity);
  };
  const before = new Set(await objects());
  await one.unsafe(text).simple();
  return (await objects()).filter((identity) => !before.has(identity));
}

/** Whether the extension is there: then the tables are distributed. */
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
      'The read model was made by a newer version of this code: use that version, or make it anew with --rebuild',
    );
  return rebuild || !row?.same;
}

async function drop(sql: Sql, model: Step[], attempts = 10): Promise<void> {
  const dropped = sql.begin(async (one) => {
    await one.unsafe(dropText).simple();
    // Citus has no triggers on distributed tables: there, servers have to be stopped.
    if (model === readModel) await one.unsafe(refuseText).simple();
    await one`delete from migration.read_model`;
    await one`insert into migration.read_model (number, digest) values (${versions.readModel}, ${digestOf(model)})`;
  });
  // Writes lock the tables in several orders, and one of them may wait for this.
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

/** Freezing now leaves nothing to be tidied up in the middle of a measurement, and all pages marked visible. */
export async function analyze(sql: Sql): Promise<void> {
  await sql.unsafe('vacuum (freeze, analyze)');
}

/**
 * Memory and processors for keys, indexes and the read model, from what this machine has. Indexes get 128 MB at the most: with
 * 1 GB the inverted index takes 28 s instead of 21 (300 000 customers), since what it gathers outgrows the processor's
 * caches. No parallel hashes: so much memory would be shared, and a container has 64 MB for that unless told otherwise.
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
