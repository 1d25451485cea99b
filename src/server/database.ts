import postgres from 'postgres';
import { unavailable } from '../contract/problem.ts';
import { rfc3339 } from '../contract/times.ts';
import { type Admission, gone, openAdmission } from './admission.ts';
import type { Config } from './config.ts';
import type { Watch } from './watch.ts';

// Dates and times stay text: a JS Date would cut microseconds off, and lose or repeat rows at a cursor.
const asText = (oid: number) => ({ to: oid, from: [oid], serialize: String, parse: (text: string) => text });

/** `{a,"b c"}` as PostgreSQL writes and reads a list of texts. */
const listed = {
  to: 1009,
  from: [1009],
  serialize: (texts: string[]) => `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`,
  parse: (list: string) =>
    [...list.matchAll(/"((?:[^"\\]|\\.)*)"|[^{},]+/g)].map(
      ([word, quoted]) => quoted?.replace(/\\(.)/gs, '$1') ?? word,
    ),
};

const types = {
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  date: asText(1082),
  timestamptz: { to: 1184, from: [1184], serialize: String, parse: rfc3339 },
  json: asText(114),
  jsonb: asText(3802),
  texts: listed,
};

export type Sql = ReturnType<typeof connect>;

export type Parameter = string | number | boolean | null | string[];

interface StatementOptions {
  prepare: boolean;
  /** the access path that it takes, for who watches */
  path?: string;
}

/**
 * Runs statements and counts them. They are prepared once for each connection, or with `prepare: false` planned each
 * time for the values at hand. Rows are what the caller says they are.
 */
export interface Run {
  <Row>(text: string, parameters: Parameter[], options?: StatementOptions): Promise<Row[]>;
  count: number;
}

// An option of the driver, made for its transactions: the connection takes no other query until this one is answered. A
// fast statement queued behind a slow one on the same connection waited 805 ms.
const alone = { onexecute: () => false };

// Where a statement fails after its first rows, the driver goes on counting: the rows of the connection's next statement come
// behind as many holes (porsager/postgres#1119). A search that timed out made the one after it fail.
const dense = <Row>(rows: Row[]): Row[] => (rows.length === 0 || 0 in rows ? rows : rows.filter(() => true));

/** A pool, or one of its connections inside a transaction, which has been admitted and is waited for as a whole. */
type Runnable = Pick<Sql, 'unsafe'> & Partial<Pick<Sql, 'admission' | 'patience'>>;

/**
 * A counting runner for one request, on the pool or inside a transaction. Where `signal` says that its client is gone, what
 * it runs is cancelled: for reads only. `begun`: something was done for the request already, so it is not refused any more.
 * `watch` is told of each statement.
 */
export function runner(
  sql: Runnable,
  { signal, begun = false, watch }: { signal?: AbortSignal; begun?: boolean; watch?: Watch } = {},
): Run {
  const { admission, patience = 0 } = sql;
  const run = async (
    text: string,
    parameters: Parameter[],
    { prepare, path }: StatementOptions = { prepare: true },
  ) => {
    run.count += 1;
    const seen = watch?.(text, path);
    const once = () => cancelled(sql.unsafe(text, parameters as never[], { prepare, ...alone }), signal);
    // Inside a transaction all that came before is gone as well.
    const send = 'admission' in sql ? () => again(once) : once;
    try {
      const answer = admission ? admission.admit(send, { begun: begun || run.count > 1, signal }) : send();
      const rows = dense(await within(patience, answer));
      seen?.();
      return rows;
    } catch (error) {
      seen?.(error);
      throw error;
    }
  };
  run.count = 0;
  return run as Run;
}

/**
 * ms that a statement goes on for a client that is gone. Most end by themselves, and to cancel one takes PostgreSQL a new
 * process. The cancellation names the connection alone: it may meet the next statement there, if this one ends meanwhile.
 */
const grace = 50;

async function cancelled<T>(query: postgres.PendingQuery<T[] & postgres.Row[]>, signal?: AbortSignal) {
  if (!signal) return query;
  let timer: Timer | undefined;
  const leave = () => {
    timer = setTimeout(() => cancel(query), grace);
  };
  signal.addEventListener('abort', leave);
  try {
    return await query;
  } catch (error) {
    throw signal.aborted ? gone : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}

/** Sends a statement again that was cancelled in the place of the one before it on its connection. */
async function again<T>(send: () => PromiseLike<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!wasCancelled.test((error as Error).message)) throw error;
    return await send();
  }
}

/** PostgreSQL's words where a statement has not reached its limit. */
const wasCancelled = /^canceling statement due to user request$/;

// The driver's own `cancel` leaves its promise alone: where PostgreSQL takes no connection, that would end the process.
function cancel(query: object): void {
  const { canceller } = query as { canceller: (query: object) => Promise<void> };
  canceller(query).catch(() => {});
}

/** What `answer` comes to, or a 503 after `ms`; 0 for no limit. A connection whose other end hangs says nothing for ever. */
export async function within<T>(ms: number, answer: PromiseLike<T>): Promise<T> {
  if (ms === 0) return answer;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(silent), ms);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The error of what was not answered in time. */
export const silent = unavailable('The database does not answer.');

/** Runs `work` in a transaction on one connection of the pool; what it throws rolls everything back. */
export async function transaction<T>(sql: Sql, work: (run: Run) => Promise<T>, watch?: Watch): Promise<T> {
  const begin = () =>
    sql.begin(async (connection) => {
      try {
        return await work(runner(connection, { watch }));
      } catch (error) {
        // On a lost connection the driver rejects by itself. With the error it would send `rollback` there as well,
        // and afterwards never answer the next user of that connection of its pool.
        if (isLost(error)) await new Promise(() => {});
        throw error;
      }
    });
  const { admission, patience } = sql;
  const result = admission ? admission.admit(begin, { begun: false }) : begin();
  return (await within(patience, result)) as T;
}

/** Whether an error is that of a connection which is gone. */
// After a FATAL error the server closes the connection; the driver's own errors say that it is closed.
export function isLost(error: unknown): boolean {
  const { severity, code } = error as { severity?: string; code?: unknown };
  return severity ? severity !== 'ERROR' : /^(CONNECTION_|E[A-Z]+$)/.test(String(code));
}

export interface Address {
  /** several as `a:5432,b`: the one that is no standby is used, and looked for anew when it is lost */
  host: string;
  port: number;
  user: string;
  password: string;
}

/**
 * A pool of connections to `database`. `pool` connections, opened when they are needed; `statementTimeout` in ms;
 * `waitLimit`: the ms that a request may be expected to wait for one of them, 0 for no limit; `onNotice` is told what
 * PostgreSQL says beside its answers. Dates and JSON come as text, timestamps as RFC 3339 text
 * with microseconds, bigint as number. `settings` are PostgreSQL's, for each connection.
 */
export function connect(
  address: Address,
  database: string,
  { pool = 16, statementTimeout = 30_000, waitLimit = 0, onNotice = (_: { message?: string }) => {} } = {},
  settings: Record<string, string> = {},
) {
  const sql = postgres({
    // The driver takes several apart.
    host: address.host,
    port: address.port,
    // Its "read-write" takes a standby, too: after a failover 400 writes failed.
    ...(address.host.includes(',') && { target_session_attrs: 'primary' }),
    username: address.user,
    password: address.password,
    database,
    max: pool,
    types,
    // It would ask for the types of arrays on each new connection, and where that is cut end the process: no code
    // waits for the question. Lists of texts, the only ones here, are known above.
    fetch_types: false,
    connect_timeout: 5,
    // Seconds between attempts. By default they grow to 20, and so long requests would wait while PostgreSQL is away.
    backoff: () => 0.2,
    onnotice: onNotice,
    connection: {
      application_name: 'customers',
      statement_timeout: statementTimeout,
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      jit: 'off',
      ...settings,
    },
  });
  return Object.assign(sql, {
    admission: waitLimit > 0 ? openAdmission(pool, waitLimit) : (null as Admission | null),
    /** ms after which a statement that PostgreSQL should have given up counts as never answered; 0 for no limit */
    patience: statementTimeout > 0 ? statementTimeout + overdue : 0,
  });
}

/** ms that a statement may take longer than its limit, its turn included. */
const overdue = 2000;

/** One more connection to the database of a pool, for who must not wait until one of those is free. */
export const alongside = ({ options }: Sql, name: string): Sql =>
  postgres({
    ...(options as unknown as postgres.Options<typeof types>),
    max: 1,
    connection: { ...options.connection, application_name: name },
  }) as unknown as Sql;

/** The name of a room's database: `<POSTGRES_DB>_naive` or `<POSTGRES_DB>_optimized`. */
export const databaseName = (config: Pick<Config, 'postgres'>, room: 'naive' | 'optimized') =>
  `${config.postgres.db}_${room}`;
