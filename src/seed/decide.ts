import { faultOf, type Kind, type State, stateOf as schemaOf } from '../migrate/state.ts';
import { type Address, connected, type Server, type Sql } from '../server/connection.ts';
import { tables as ours } from './copy.ts';
import * as databases from './databases.ts';
import type { ProfileName } from './profiles/index.ts';

/** The databases cannot be filled as requested. The message is one line that says what to do. */
export class SeedError extends Error {
  override name = 'SeedError';
}

export interface Wanted {
  server: Server;
  /** Base name. */
  db: string;
  customers: number;
  data: ProfileName;
  seed: number;
  /** Replace whatever differs. */
  replace: boolean;
}

export const nameOf = (db: string, kind: Kind) => `${db}_${kind}`;

/** Raise it with every change of the rows that a seed gives. */
const generator = '2';

export const contentsOf = ({ customers, data, seed }: Wanted): databases.Contents => ({
  ...{ customers, data, seed, version: generator },
});

export type Decision = 'skip' | 'migrate' | 'build';

/** What to do with a database. Throws SeedError if only the user can decide. */
export async function decide(admin: Sql, kind: Kind, wanted: Wanted): Promise<Decision> {
  const name = nameOf(wanted.db, kind);
  await refuseForeign(admin, databases.unfinishedName(name), wanted.server);
  const state = await stateOf(admin, name, wanted.server);
  if (state.kind === 'absent' || state.kind === 'unfinished') return 'build';
  const contents = contentsOf(wanted);
  if (state.kind === 'complete' && databases.same(state.contents, contents)) {
    const schema = await connected({ ...wanted.server, database: name }, (sql) => schemaOf(sql, kind));
    const decision = decisions[schema];
    // A user's database may have been written to, which is its purpose. A benchmark's must be untouched.
    if (decision && (!wanted.replace || (await untouched(wanted, name, contents)))) return decision;
    if (!wanted.replace) throw new SeedError(`${faultOf(schema, name)}.`);
  }
  if (wanted.replace) return 'build';
  throw new SeedError(`${name} ${whatIsIn(state, contents)}. To replace it: npm run seed -- --force`);
}

/** What to do with a database that holds what is wanted. In any other state only the user can decide. */
const decisions: Partial<Record<State, Decision>> = {
  current: 'skip',
  older: 'migrate',
  unfinished: 'migrate',
};

/** The naive database, if the optimized one can start as a copy of it; else null. */
export async function templateFor(admin: Sql, wanted: Wanted): Promise<string | null> {
  const name = nameOf(wanted.db, 'naive');
  const state = await stateOf(admin, name, wanted.server);
  const contents = contentsOf(wanted);
  if (state.kind !== 'complete' || !databases.same(state.contents, contents)) return null;
  return (await untouched(wanted, name, contents)) ? name : null;
}

/** Throws SeedError if the name of a half-built database is taken by one that the seeder did not make. */
async function refuseForeign(admin: Sql, name: string, server: Server): Promise<void> {
  const state = await stateOf(admin, name, server);
  if (state.kind !== 'foreign') return;
  // A copy that was interrupted before it was marked.
  if (state.tables.every((table) => [...ours, 'idempotency_key'].includes(table))) return;
  throw new SeedError(`Database ${name} is in the way, and the seeder did not make it: rename or drop it.`);
}

function stateOf(admin: Sql, name: string, server: Server): Promise<databases.State> {
  return databases.stateOf(admin, name, () => tablesOf({ ...server, database: name }));
}

function untouched({ server }: Wanted, database: string, contents: databases.Contents): Promise<boolean> {
  return connected({ ...server, database }, (sql) => databases.untouched(sql, contents));
}

function whatIsIn(state: databases.State, wanted: databases.Contents): string {
  if (state.kind !== 'complete') return 'has tables that the seeder did not make';
  const [held, asked] = [databases.inWords(state.contents), databases.inWords(wanted)];
  return held === asked ? 'was made by another version of the seeder' : `holds ${held}, not ${asked}`;
}

async function tablesOf(address: Address): Promise<string[]> {
  const rows = await connected(
    address,
    (sql) => sql<{ name: string }[]>`
      select relname as name from pg_class join pg_namespace n on n.oid = relnamespace
       where relkind in ('r', 'p', 'v', 'm', 'f') and nspname not in ('information_schema', 'migration') and nspname !~ '^pg_'`,
  );
  return rows.map((row) => row.name);
}
