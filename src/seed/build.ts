import { type DoStep, type OnProgress, type Steps, timed } from '../cli/progress.ts';
import { analyze, applyAll, migrate, tune } from '../migrate/migrate.ts';
import type { Kind } from '../migrate/state.ts';
import { type Address, connected, hurry, type Server, type Sql } from '../server/connection.ts';
import { addressCount } from './customer.ts';
import { type Contents, create, publish, setSequences, unfinishedName } from './databases.ts';
import { load } from './load.ts';

export interface Plan {
  kind: Kind;
  /** Name of the database to build. */
  name: string;
  contents: Contents;
  workers: number;
  /** A database with the same rows and nothing else, to start from as a copy; null: none. */
  template: string | null;
}

/** Builds one database from scratch and replaces the one that had its name. */
export async function build(admin: Sql, server: Server, plan: Plan, onProgress: OnProgress): Promise<Steps> {
  const name = unfinishedName(plan.name);
  const address = { ...server, database: name };
  const { step, steps } = timed(plan.name, onProgress);

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
        await applyAll(sql, 1);
        await setSequences(sql, plan.contents);
      });
    }
    if (plan.kind === 'optimized') await migrate(sql, plan.kind, { step });
    else await step('analyze', () => analyze(sql));
  });
  await publish(admin, plan.name, plan.contents);
  return steps;
}

/** False if the template has connections: PostgreSQL then refuses to copy it. */
async function copy(
  admin: Sql,
  plan: Plan,
  template: string,
  step: DoStep,
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
  await connected(address, (sql) => applyAll(sql, 0, 1));
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
