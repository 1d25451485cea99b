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
