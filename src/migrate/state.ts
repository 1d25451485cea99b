import { runner, type Sql } from '../server/database.ts';
import stateText from '../sql/migrate/state.sql' with { type: 'text' };
import { versions } from './versions.ts';

// The state of a database. A server checks it at startup and for each /ready.

export type Kind = 'naive' | 'optimized';

export type State = 'current' | 'older' | 'newer' | 'unfinished' | 'unnumbered' | 'absent';

/** Throws if PostgreSQL does not answer. */
export async function stateOf(sql: Sql, kind: Kind): Promise<State> {
  // `begun`: a server that refuses requests because it is busy must still report whether its database is the right one.
  const run = runner(sql, { begun: true });
  try {
    const [row] = await run<{ tables: number; number: number | null; complete: boolean | null }>(
      stateText,
      [],
    );
    return compared(kind, row!);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === noDatabase) return 'absent';
    if (code !== noTable && code !== noSchema) throw error;
    const [row] = await run<{ there: boolean }>(`select to_regclass('customer') is not null as there`, []);
    return row!.there ? 'unnumbered' : 'absent';
  }
}

/** Whether Citus distributes the tables of the optimized database and its read model was made for that (src/sql/citus/schema). */
export async function isDistributed(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ distributed: boolean }[]>`
    select exists (select from migration.read_model where '302_customer_list' = any(steps)) as distributed`;
  return row!.distributed;
}

const noDatabase = '3D000';
const noTable = '42P01';
const noSchema = '3F000';

function compared(
  kind: Kind,
  { tables, number, complete }: { tables: number; number: number | null; complete: boolean | null },
): State {
  const readModel = kind === 'naive' ? versions.readModel : (number ?? 0);
  if (tables > versions.tables || readModel > versions.readModel) return 'newer';
  if (tables < versions.tables || readModel < versions.readModel) return 'older';
  return kind === 'optimized' && !complete ? 'unfinished' : 'current';
}

/** One line on what is wrong with a database in `state` and what to do; null if nothing is. */
export function faultOf(state: State, name: string): string | null {
  const faults: Record<State, string | null> = {
    current: null,
    older: `${name} was created by an older version of this code; to bring it up to this one: npm run migrate`,
    newer: `${name} was created by a newer version of this code, and migrations only go forward: start that version`,
    unfinished: `a migration of ${name} is unfinished; if none is running, resume it with: npm run migrate`,
    unnumbered: `${name} was created before migrations were numbered; to recreate it: npm run seed -- --force`,
    absent: `there is no database ${name} with the tables of this version; create it with: npm run seed`,
  };
  return faults[state];
}
