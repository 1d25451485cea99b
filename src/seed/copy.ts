import type { Writable } from 'node:stream';
import type { Sql } from '../server/connection.ts';
import type { CustomerRows } from './customer.ts';

export const tables = ['address', 'customer', 'customer_relationship'] as const;
export type Table = (typeof tables)[number];

/** Columns that `copy` reads, in the order in which `lines` writes them. */
const columns: Record<Table, string> = {
  address: 'id, street, street_number, city_code, city, country',
  customer:
    'id, first_name, last_name, gender, customer_id, phone_number, birthday, created, last_updated, address_id',
  customer_relationship: 'id, customer_ref, points, created, last_activity',
};

export interface Lines {
  text: string;
  rows: number;
}

/** The rows of the customers from `start` up to, but not including, `end`, in COPY's text format. */
export function lines(rowsOf: (i: number) => CustomerRows, start: number, end: number): Record<Table, Lines> {
  const customer = { text: '', rows: end - start };
  const address = { text: '', rows: 0 };
  const relationship = { text: '', rows: 0 };
  for (let i = start; i < end; i++) {
    const { customer: c, address: a, relationship: r } = rowsOf(i);
    customer.text +=
      `${c.id}\t${escaped(c.firstName)}\t${escaped(c.lastName)}\t${c.gender}\t${escaped(c.customerId)}\t` +
      `${c.phoneNumber ?? '\\N'}\t${c.birthday ?? '\\N'}\t${c.created}\t${c.lastUpdated}\t${c.addressId ?? '\\N'}\n`;
    if (a) {
      address.text +=
        `${a.id}\t${orNull(a.street)}\t${orNull(a.streetNumber)}\t` +
        `${escaped(a.cityCode)}\t${escaped(a.city)}\t${escaped(a.country)}\n`;
      address.rows++;
    }
    if (r) {
      relationship.text += `${r.id}\t${r.customerRef}\t${r.points}\t${r.created}\t${r.lastActivity ?? '\\N'}\n`;
      relationship.rows++;
    }
  }
  return { address, customer, customer_relationship: relationship };
}

const orNull = (text: string | null) => (text === null ? '\\N' : escaped(text));

/**
 * Escapes a text for COPY: https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS-TEXT. Such characters
 * are rare, and testing for them costs half as much as replacing.
 */
function escaped(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => escapes[character]!) : text;
}

const special = /[\\\t\n\r]/;
const specials = new RegExp(special, 'g');
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

export interface Copy {
  /** Sends lines; resolves when the socket has accepted them. */
  write(lines: Lines): Promise<void>;
  /** Resolves when the server has stored every row; rejects if it reports another number. */
  end(): Promise<void>;
}

/**
 * Begins `copy TABLE from stdin` on `sql`, which must have a single connection. A server error rejects the next
 * `write` or `end`. postgres.js alone would drop it, hang and report success with no row
 * (https://github.com/porsager/postgres/issues/1173), because the query's promise has already become a stream.
 */
export async function openCopy(sql: Sql, table: Table): Promise<Copy> {
  const query = sql.unsafe(`copy ${table} (${columns[table]}) from stdin`) as unknown as CopyQuery;
  const stream = await query.writable();
  let sent = 0;
  const stored = new Promise<number>((resolve, reject) => {
    query.resolve = ({ count }) => resolve(count);
    query.reject = reject;
    stream.on('error', reject);
  });
  stored.catch(() => {}); // the next write throws it
  return {
    async write({ text, rows }) {
      sent += rows;
      const taken = new Promise<void>((resolve, reject) =>
        stream.write(text, (error) => (error ? reject(error) : resolve())),
      );
      await Promise.race([stored, taken]);
    },
    async end() {
      stream.end();
      const count = await stored;
      if (count !== sent) throw new Error(`${table}: the server stored ${count} of ${sent} rows`);
    },
  };
}

/** The part of a postgres.js query that its types omit: the callbacks for the end of the statement. */
interface CopyQuery {
  writable(): Promise<Writable>;
  resolve: (result: { count: number }) => void;
  reject: (error: Error) => void;
}
