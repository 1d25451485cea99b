import { availableParallelism, totalmem } from 'node:os';
import { type Address, connected, hurry, type Server, type Sql } from './connection.ts';
import { addressCount } from './customer.ts';
import { type Contents, create, publish, setSequences, unfinishedName } from './databases.ts';
import { load } from './load.ts';
import type { OnProgress } from './progress.ts';
import { afterRows, beforeRows, type Kind, optimizations } from './schema.ts';

export interface Plan {
  kind: Kind;
  /** The database to make. */
  name: string;
  contents: Contents;
  workers: number;
  /** A database with the same rows and nothing else, to begin as a copy of. */
  template: string | null;
}

/** Seconds of each step, in their order. */
export type Steps = { step: string; seconds: number }[];

/** Builds one database from nothing and puts it in the place of what had its name. */
export async function build(admin: Sql, server: Server, plan: Plan, onProgress: OnProgress): Promise<Steps> {
  const name = unfinishedName(plan.name);
  const address = { ...server, database: name };
  const steps: Steps = [];
  const step = async (called: string, work: () => Promise<unknown>) => {
    const began = performance.now();
    onProgress({ kind: 'begin', database: plan.name, step: called });
    await work();
    const seconds = (performance.now() - began) / 1_000;
    onProgress({ kind: 'end', database: plan.name, step: called, seconds });
    steps.push({ step: called, seconds });
  };

  const copied = plan.template !== null && (await copy(admin, plan, plan.template, step, onProgress));
  if (!copied) {
    await create(admin, name, plan.contents);
    await step('rows', () => fill(address, plan, onProgress));
  }
  await connected(address, async (sql) => {
    await hurry(sql);
    await tune(sql);
    if (!copied) {
      await step('constraints', async () => {
        for (const file of afterRows) await sql.unsafe(file.text).simple();
        await setSequences(sql, plan.contents);
      });
    }
    if (plan.kind === 'optimized') {
      for (const file of optimizations) await step(file.name, () => sql.unsafe(file.text).simple());
    }
    // Freezing now leaves nothing to be tidied up in the middle of a measurement, and all pages marked visible.
    await step('analyze', () => sql.unsafe('vacuum (freeze, analyze)'));
  });
  await publish(admin, plan.name, plan.contents);
  return steps;
}

/** False where the template has connections, which PostgreSQL does not copy then. */
async function copy(
  admin: Sql,
  plan: Plan,
  template: string,
  step: (called: string, work: () => Promise<unknown>) => Promise<void>,
  onProgress: OnProgress,
): Promise<boolean> {
  try {
    await step('copy', () => create(admin, unfinishedName(plan.name), plan.contents, template));
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== '55006') throw error;
    onProgress({ kind: 'note', text: `${template} is in use and cannot be copied: making the rows again` });
    return false;
  }
}

async function fill(address: Address, plan: Plan, onProgress: OnProgress): Promise<void> {
  const { customers, seed, data } = plan.contents;
  await connected(address, async (sql) => {
    for (const file of beforeRows) await sql.unsafe(file.text).simple();
  });
  await load(address, { count: customers, data, seed, workers: plan.workers }, (stored) =>
    onProgress({ kind: 'rows', database: plan.name, stored, total: customers }),
  );
  const [found] = await connected(
    address,
    (sql) => sql<{ customers: number; addresses: number }[]>`
      select (select count(*) from customer)::integer as customers,
             (select count(*) from address)::integer as addresses`,
  );
  if (found?.customers !== customers || found.addresses !== addressCount(customers, data)) {
    throw new Error(`${plan.name}: ${found?.customers} of ${customers} customers arrived in the table`);
  }
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
