import { afterAll, beforeAll, setDefaultTimeout } from 'bun:test';
import type { AnyElysia } from 'elysia';
import pino from 'pino';
import type { Customer } from '../src/contract/customer.ts';
import type { Base } from '../src/server/base.ts';
import { connect, type Sql } from '../src/server/database.ts';
import { logOptions } from '../src/server/log.ts';
import { createMetrics } from '../src/server/metrics.ts';
import { openWatch } from '../src/server/watch.ts';
import { type Copy, copyOf, type Kind } from './cluster.ts';

export interface Page {
  count: number | null;
  next: string | null;
  previous: string | null;
  results: Customer[];
  performance: { execution_time_s: number; query_count: number };
}

/** A server as an app without an open port, and its database. */
export interface Room extends Copy {
  /** a direct connection to the database */
  sql: Sql;
  /** Answers a request; `path` begins with a slash, or is an absolute link as the server gave it. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Sends `body` as JSON to the customers; `path` is appended to their address. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** A page of the list, which must have status 200; `query` as in a URL, or an absolute link. */
  list(query?: string): Promise<Page>;
  /** Call this in a transaction of SQL that changes customers: it updates the read model, where no trigger does. */
  changed(sql: Sql, ids: number[]): Promise<void>;
  close(): Promise<void>;
}

export interface RoomOptions {
  apiToken?: string;
  host?: string;
  corsOrigins?: string[];
  /** the ms from which on a statement is logged; none unless given */
  slowStatement?: number;
  tracesEndpoint?: string;
  /** receives each line of the log from warnings on */
  onLog?: (line: string) => void;
  /** the app's database cannot be reached; `sql` still can */
  unreachable?: boolean;
  /** the port of a gate, through which the app reaches its database */
  through?: number;
  /** inserts rows into the empty tables before the app begins */
  fill?: (sql: Sql) => Promise<unknown>;
  /** an existing database, which the room does not drop at its end */
  on?: Copy;
  /** updates the read model after changes by SQL, where there are no triggers */
  changed?: Room['changed'];
}

/** Opens a room with the options. */
export type Open = (options?: RoomOptions) => Promise<Room>;

/** The parts of a room: the app, and what has to be closed before its database connections. */
export interface Parts {
  app: AnyElysia;
  close?: () => unknown;
}

export const customers = '/api/v1/customers';
const origin = 'http://customers.test';

/**
 * A room with its own database, which is empty unless filled. `build` creates the app. Closing the room fails if an
 * unexpected error was logged, or a connection is left.
 */
export async function openRoom(
  kind: Kind,
  build: (base: Omit<Base, 'room'>, copy: Copy) => Parts | Promise<Parts>,
  options: RoomOptions = {},
  settings: Record<string, string> = {},
): Promise<Room> {
  const { apiToken, host = '127.0.0.1', corsOrigins = [], unreachable = false, through, fill, on } = options;
  const copy = on ?? (await copyOf(kind));
  const address = copy.services.postgres;
  // Without the server's limit: filling a database is not tested, and takes long on a busy machine.
  const sql = connect(address, copy.name, { pool: 4, statementTimeout: 0 });
  await fill?.(sql);
  const port = through ?? (unreachable ? 1 : address.port);
  const own = connect({ ...address, port }, copy.name, { pool: 8 }, settings);
  const unexpected: string[] = [];
  const write = (line: string) => {
    options.onLog?.(line);
    if ((JSON.parse(line) as { level: number }).level >= 50) unexpected.push(line);
  };
  const log = pino(logOptions({ logLevel: 'warn' }, kind), { write });
  const { slowStatement = 0, tracesEndpoint = null } = options;
  const config = { apiToken: apiToken ?? null, host, corsOrigins, slowStatement, tracesEndpoint };
  const metrics = createMetrics();
  const seen = await openWatch({ config, room: kind, sql: own, log, metrics });
  const { app, close } = await build({ sql: own, config, metrics, log, ...seen }, copy);
  const ask: Room['ask'] = (path, init) =>
    app.handle(new Request(path.startsWith('/') ? origin + path : path, init));

  return {
    ...copy,
    sql,
    ask,
    changed: options.changed ?? (async () => {}),
    send: (method, path, body, headers) =>
      ask(customers + path, {
        method,
        headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    async list(query = '') {
      const response = await ask(query.startsWith('http') ? query : `${customers}?${query}`);
      if (response.status !== 200) throw new Error(`${query}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Page;
    },
    async close() {
      await close?.();
      await seen.tracing?.close();
      // Without a limit, the driver waits forever if a connection was cut or never established.
      await Promise.all([sql.end({ timeout: 1 }), own.end({ timeout: 1 })]);
      if (!on) await copy.drop();
      if (unexpected.length > 0) throw new Error(`The server logged: ${unexpected.join('')}`);
    },
  };
}

/** Runs `work` with a room that is closed afterwards, whatever happens. */
export async function withRoom<T>(
  open: Open,
  options: RoomOptions,
  work: (room: Room) => Promise<T>,
): Promise<T> {
  const room = await open(options);
  try {
    return await work(room);
  } finally {
    await room.close();
  }
}

/** One room for all tests of a block: opened before the first, closed after the last. */
export function useRoom(open: Open, options: RoomOptions = {}): () => Room {
  setDefaultTimeout(120_000);
  let room: Room | undefined;
  beforeAll(async () => {
    room = await open(options);
  }, 120_000);
  afterAll(() => room?.close(), 60_000);
  return () => {
    if (!room) throw new Error('The room is open while tests run only.');
    return room;
  };
}

/** One connection to a database for all tests of a block; the database is dropped after the last. */
export function useConnection(make: () => Promise<Copy>): () => Sql {
  setDefaultTimeout(120_000);
  let copy: Copy | undefined;
  let sql: Sql | undefined;
  beforeAll(async () => {
    copy = await make();
    sql = connect(copy.services.postgres, copy.name, { pool: 1 });
  }, 120_000);
  afterAll(async () => {
    await sql?.end();
    await copy?.drop();
  }, 60_000);
  return () => {
    if (!sql) throw new Error('The connection is open while tests run only.');
    return sql;
  };
}
