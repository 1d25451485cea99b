import postgres from 'postgres';
import { unavailable } from '../contract/problem.ts';
import { rfc3339 } from '../contract/times.ts';
import { type Admission, gone, openAdmission } from './admission.ts';
import type { Config } from './config.ts';
import type { Watch } from './watch.ts';

// Dates and times stay text: a JS Date would cut microseconds off, and a cursor would repeat or skip rows.
const asText = (oid: number) => ({ to: oid, from: [oid], serialize: String, parse: (text: string) => text });

/** A text array in PostgreSQL's notation: `{a,"b c"}`. */
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
  /** the access path, for `watch` */
  path?: string;
}

/**
 * Runs statements and counts them. They are prepared once per connection, or with `prepare: false` planned each time
 * for their values. The caller declares the type of the rows.
 */
export interface Run {
  <Row>(text: string, parameters: Parameter[], options?: StatementOptions): Promise<Row[]>;
  count: number;
}

// A driver option, made for its transactions: the connection takes no other statement until this one is answered. A
// fast statement queued behind a slow one on the same connection waited 805 ms.
const alone = { onexecute: () => false };

// If a statement fails after its first rows, the driver does not reset its row counter: the rows of the connection's
// next statement follow as many holes (porsager/postgres#1119). A search that timed out made the next one fail.
const dense = <Row>(rows: Row[]): Row[] => (rows.length === 0 || 0 in rows ? rows : rows.filter(() => true));

/** A pool, or one of its connections inside a transaction, which is admitted and limited in time as a whole. */
type Runnable = Pick<Sql, 'unsafe'> & Partial<Pick<Sql, 'admission' | 'patience'>>;

/**
 * A counting runner for one request, on the pool or inside a transaction. If `signal` reports that the client is gone,
 * the running statement is cancelled: for reads only. `begun`: work was already done for the request, so it is no
 * longer refused on arrival. `watch` observes each statement.
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
    // No repeat inside a transaction: its earlier statements are lost as well.
    const send = 'admission' in sql ? () => again(once, (error) => isOfAnother(error, parameters)) : once;
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
 * ms that a statement continues after its client is gone. Most end by then, and a cancellation costs PostgreSQL a new
 * process. It names only the connection, so it may hit the next statement there if this one ends first.
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

/** Repeats what failed with the error of another statement, once. */
async function again<T>(send: () => PromiseLike<T>, isOthers: (error: unknown) => boolean): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!isOthers(error)) throw error;
    return await send();
  }
}

// PostgreSQL's message if a statement was cancelled before its time limit: the cancellation was for the previous one on the connection.
const wasCancelled = /^canceling statement due to user request$/;

/** Whether the statement with these parameters failed in place of another one. It had no effect then, so it can be repeated. */
const isOfAnother = (error: unknown, parameters: Parameter[]) =>
  wasCancelled.test((error as Error).message) || (isStale(error) && error.args !== parameters);

/**
 * Whether an error may be that of a statement during which the connection was lost. The driver keeps the error, and rejects with it
 * whatever is first on the connection that replaces the lost one, without sending it (porsager/postgres#1215, #1223).
 */
const isStale = (error: unknown): error is { args: unknown } => isLost(error) && 'args' in (error as object);

// The driver's own `cancel` does not handle its promise: if PostgreSQL accepts no connection, that would end the process.
function cancel(query: object): void {
  const { canceller } = query as { canceller: (query: object) => Promise<void> };
  canceller(query).catch(() => {});
}

/** The result of `answer`, or a 503 after `ms`; 0 for no limit. A connection whose peer hangs never fails. */
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

/** The error if no answer came in time. */
export const silent = unavailable('The database does not answer.');

/** Runs `work` in a transaction on one connection of the pool; an error rolls it back. */
export async function transaction<T>(sql: Sql, work: (run: Run) => Promise<T>, watch?: Watch): Promise<T> {
  let begun = false;
  /** the error with which the driver rejected while `work` was running: the connection is lost */
  let lost: unknown;

  async function inside(connection: Runnable): Promise<T> {
    begun = true;
    // The driver would send a later statement to the connection that replaces the lost one, perhaps inside another transaction, or
    // end the process (porsager/postgres#1133, #1216).
    const unsafe = ((...statement) => {
      if (lost) throw lost;
      return connection.unsafe(...statement);
    }) as Sql['unsafe'];
    try {
      const answer = await work(runner({ unsafe }, { watch }));
      if (!lost) return answer;
    } catch (error) {
      if (!lost && !isLost(error)) throw error;
    }
    // It would also send `commit` or `rollback` there.
    return new Promise<never>(() => {});
  }

  async function begin(): Promise<T> {
    try {
      return (await sql.begin(inside)) as T;
    } catch (error) {
      if (begun) lost = error;
      throw error;
    }
  }

  const { admission, patience } = sql;
  const send = () => again(begin, (error) => !begun && isStale(error));
  return within(patience, admission ? admission.admit(send, { begun: false }) : send());
}

/** Whether an error means a lost connection. */
// After a FATAL error the server closes the connection; the driver's own errors say that it is closed.
export function isLost(error: unknown): boolean {
  const { severity, code } = error as { severity?: string; code?: unknown };
  return severity ? severity !== 'ERROR' : /^(CONNECTION_|E[A-Z]+$)/.test(String(code));
}

export interface Address {
  /** several as `a:5432,b`: the one that is no standby is used, and searched for again when it is lost */
  host: string;
  port: number;
  user: string;
  password: string;
}

/**
 * A pool of at most `pool` connections to `database`, opened on demand. `statementTimeout`: ms. `waitLimit`: maximum ms
 * that a request waits for a connection, 0 for no limit. `onNotice` receives PostgreSQL's notices. `settings` are
 * PostgreSQL's, per connection. Dates and JSON are returned as text, timestamps as RFC 3339 text with microseconds,
 * bigint as number.
 */
export function connect(
  address: Address,
  database: string,
  { pool = 16, statementTimeout = 30_000, waitLimit = 0, onNotice = (_: { message?: string }) => {} } = {},
  settings: Record<string, string> = {},
) {
  const sql = postgres({
    // The driver splits a list of hosts.
    host: address.host,
    port: address.port,
    // The driver's "read-write" also takes a standby: after a failover 400 writes failed.
    ...(address.host.includes(',') && { target_session_attrs: 'primary' }),
    username: address.user,
    password: address.password,
    database,
    max: pool,
    types,
    // Otherwise the driver fetches array types on each new connection. If that connection is cut, the process ends,
    // because no code awaits the statement. The only arrays here, of texts, are declared above.
    fetch_types: false,
    connect_timeout: 5,
    // Seconds between attempts to connect. By default they grow to 20, and requests would wait that long while
    // PostgreSQL is away.
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
    /** ms after which a statement counts as never answered, as PostgreSQL should have cancelled it; 0 for no limit */
    patience: statementTimeout > 0 ? statementTimeout + overdue : 0,
  });
}

/** ms that a statement may exceed its time limit, including its wait for a connection. */
const overdue = 2000;

/** An extra connection to the pool's database, for work that must not wait for a free pooled connection. */
export const alongside = ({ options }: Sql, name: string): Sql =>
  postgres({
    ...(options as unknown as postgres.Options<typeof types>),
    max: 1,
    connection: { ...options.connection, application_name: name },
  }) as unknown as Sql;

/** The name of a server's database: `<POSTGRES_DB>_naive` or `<POSTGRES_DB>_optimized`. */
export const databaseName = (config: Pick<Config, 'postgres'>, room: 'naive' | 'optimized') =>
  `${config.postgres.db}_${room}`;
