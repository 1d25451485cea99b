import postgres from 'postgres';
import { rfc3339 } from '../contract/times.ts';
import type { Config } from './config.ts';

// Dates and times stay text: a JS Date would cut microseconds off, and lose or repeat rows at a cursor.
const asText = (oid: number) => ({ to: oid, from: [oid], serialize: String, parse: (text: string) => text });

const types = {
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  date: asText(1082),
  timestamptz: { to: 1184, from: [1184], serialize: String, parse: rfc3339 },
  json: asText(114),
  jsonb: asText(3802),
};

export type Sql = ReturnType<typeof connect>;

export type Parameter = string | number | boolean | null | string[];

/**
 * Runs statements and counts them. They are prepared once for each connection, or with `prepare: false` planned each
 * time for the values at hand. Rows are what the caller says they are.
 */
export interface Run {
  <Row>(text: string, parameters: Parameter[], options?: { prepare: boolean }): Promise<Row[]>;
  count: number;
}

/** A counting runner for one request, on the pool or inside a transaction. */
export function runner(sql: Pick<Sql, 'unsafe'>): Run {
  const run = async (text: string, parameters: Parameter[], options = { prepare: true }) => {
    run.count += 1;
    return await sql.unsafe(text, parameters as never[], options);
  };
  run.count = 0;
  return run as Run;
}

/**
 * Runs `work` in a transaction on one connection of the pool; what it throws rolls everything back. The driver's own
 * `sql.begin` never learns which connection it got where `max_pipeline` is 0.
 */
export async function transaction<T>(sql: Sql, work: (run: Run) => Promise<T>): Promise<T> {
  const connection = await sql.reserve();
  let lost = false;
  try {
    await connection.unsafe('begin');
    const result = await work(runner(connection));
    await connection.unsafe('commit');
    return result;
  } catch (error) {
    lost = isLost(error);
    if (!lost) await connection.unsafe('rollback').catch(() => (lost = true));
    throw error;
  } finally {
    // The pool takes back a lost connection by itself; given back once more it would be taken for an open one.
    if (!lost) connection.release();
  }
}

// After a FATAL error the server closes the connection; the driver's own errors say that it is closed.
function isLost(error: unknown): boolean {
  const { severity, code } = error as { severity?: string; code?: unknown };
  return severity ? severity !== 'ERROR' : /^(CONNECTION_|E[A-Z]+$)/.test(String(code));
}

export interface Address {
  host: string;
  port: number;
  user: string;
  password: string;
}

/**
 * A pool of connections to `database`. `pool` connections, opened when they are needed; `statementTimeout` in ms.
 * Dates and JSON come as text, timestamps as RFC 3339 text with microseconds, bigint as number.
 */
export function connect(address: Address, database: string, { pool = 16, statementTimeout = 30_000 } = {}) {
  return postgres({
    host: address.host,
    port: address.port,
    username: address.user,
    password: address.password,
    database,
    max: pool,
    types,
    // A fast statement queued behind a slow one on the same connection waited 805 ms with the default.
    ...{ max_pipeline: 0 },
    connect_timeout: 5,
    onnotice: () => {},
    connection: {
      application_name: 'customers',
      statement_timeout: statementTimeout,
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      jit: 'off',
    },
  });
}

/** The name of a room's database: `<POSTGRES_DB>_naive` or `<POSTGRES_DB>_optimized`. */
export const databaseName = (config: Pick<Config, 'postgres'>, room: 'naive' | 'optimized') =>
  `${config.postgres.db}_${room}`;
