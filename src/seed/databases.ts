import type { Sql } from '../server/connection.ts';
import { addressCount } from './customer.ts';
import type { ProfileName } from './profiles/index.ts';
import { reference } from './times.ts';

// A database's comment records what it holds. It is built under another name and renamed when it is complete. So a
// half-filled one is never used, and the one that it replaces stays until then.

export interface Contents {
  customers: number;
  /** Their profile. */
  data: ProfileName;
  seed: number;
  version: string;
}

interface Mark extends Contents {
  complete: boolean;
}

export type State =
  | { kind: 'absent' | 'unfinished' }
  /** It has tables, but no mark of the seeder. */
  | { kind: 'foreign'; tables: string[] }
  | { kind: 'complete'; contents: Contents };

/** The name under which a database is built. */
export const unfinishedName = (name: string) => `${name}_new`;

/** Reads what a database holds; `tablesOf` lists the tables of one without a mark. */
export async function stateOf(admin: Sql, name: string, tablesOf: () => Promise<string[]>): Promise<State> {
  const [row] = await admin<{ comment: string | null }[]>`
    select shobj_description(oid, 'pg_database') as comment from pg_database where datname = ${name}`;
  if (!row) return { kind: 'absent' };
  const mark = parseMark(row.comment);
  if (mark) return mark.complete ? { kind: 'complete', contents: mark } : { kind: 'unfinished' };
  const tables = await tablesOf();
  return tables.length === 0 ? { kind: 'unfinished' } : { kind: 'foreign', tables };
}

/** Creates an empty database, or a copy of `template`, which must have no connections. */
export async function create(admin: Sql, name: string, contents: Contents, template?: string): Promise<void> {
  await drop(admin, name);
  if (template) {
    await admin`create database ${admin(name)} template ${admin(template)} strategy file_copy`;
  } else {
    await admin.unsafe(
      `create database "${name}" template template0 encoding 'UTF8'
       locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`,
    );
  }
  await mark(admin, name, { ...contents, complete: false });
}

/** Gives a complete database its final name; drops the one that has it already. */
export async function publish(admin: Sql, name: string, contents: Contents): Promise<void> {
  await mark(admin, unfinishedName(name), { ...contents, complete: true });
  await drop(admin, name);
  await admin`alter database ${admin(unfinishedName(name))} rename to ${admin(name)}`;
}

export async function drop(admin: Sql, name: string): Promise<void> {
  await admin`drop database if exists ${admin(name)} with (force)`;
}

/**
 * Whether the rows are as the seeder made them: the same number, and none written since. If so, resets the sequences,
 * which writes without a trace (rolled back, or deleted again) may have advanced.
 */
export async function untouched(sql: Sql, contents: Contents): Promise<boolean> {
  const { customers, data } = contents;
  const [row] = await sql<{ same: boolean }[]>`
    select count(*) = ${customers}
       and coalesce(max(last_updated) <= ${reference.toISOString()}::timestamptz, true)
       and (select count(*) from address) = ${addressCount(customers, data)}
       and not exists (select from idempotency_key) as same
      from customer`;
  if (!row?.same) return false;
  await setSequences(sql, contents);
  return true;
}

/** The next generated id follows the last seeded one, so it is the same in every database with these counts. */
export async function setSequences(sql: Sql, { customers, data }: Contents): Promise<void> {
  await sql`
    select setval(pg_get_serial_sequence('customer', 'id'), ${customers + 1}, false),
           setval(pg_get_serial_sequence('customer_relationship', 'id'), ${customers + 1}, false),
           setval(pg_get_serial_sequence('address', 'id'), ${addressCount(customers, data) + 1}, false)`;
}

export function same(a: Contents, b: Contents): boolean {
  return a.customers === b.customers && a.data === b.data && a.seed === b.seed && a.version === b.version;
}

/** `3000 diverse customers of seed 1` */
export const inWords = ({ customers, data, seed }: Pick<Contents, 'customers' | 'data' | 'seed'>): string =>
  `${customers} ${data} customers of seed ${seed}`;

async function mark(
  admin: Sql,
  name: string,
  { customers, data, seed, version, complete }: Mark,
): Promise<void> {
  // This commit waits for the disk, and with it every earlier commit.
  await admin.unsafe(
    `comment on database "${name}" is '${JSON.stringify({ customers, data, seed, version, complete })}'`,
  );
}

function parseMark(comment: string | null): Mark | null {
  try {
    const value: Partial<Mark> | null = JSON.parse(comment ?? 'null');
    if (!value || typeof value.complete !== 'boolean') return null;
    // Before profiles existed, all data was `default`.
    const { customers = -1, data = 'default', seed = -1, version = '', complete } = value;
    return { customers, data, seed, version, complete };
  } catch {
    return null;
  }
}
