import type { AnyElysia } from 'elysia';
import pino from 'pino';
import { faultOf, type Kind, stateOf } from '../migrate/state.ts';
import { startServices } from '../services/index.ts';
import { ending } from './base.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { connect, databaseName, type Sql } from './database.ts';
import { logOptions } from './log.ts';

/** The log of a server, on standard error. */
export const createLog = (config: Pick<Config, 'logLevel'>, room: string) =>
  pino(logOptions(config, room), pino.destination(2));

/** Ends the process with one line for the user who started it. */
export function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

/** The settings section of a server's help. */
export const settingsHelp = (port: number) =>
  `Settings come from the environment or .env: PORT (${port}), HOST (127.0.0.1), API_TOKEN, POSTGRES_*, REDIS_URL, CACHE,
CACHE_TIMEOUT, LOG_LEVEL; .env.example explains each. The database is filled by: npm run seed`;

const help = (room: string, port: number) => `Serves the ${room} customers API.

  npm run ${room}

${settingsHelp(port)}`;

/**
 * What a server is built from: settings, services, and a pool of connections to its database, each with PostgreSQL's
 * `settings`. `admits`: it refuses requests that would wait too long for a connection. A bad setting, a missing part or
 * a database of another version ends the process with one line that says what to do.
 */
export async function prepare(
  room: Kind,
  port: number,
  { settings = {}, admits = false }: { settings?: Record<string, string>; admits?: boolean } = {},
) {
  const [argument] = process.argv.slice(2);
  if (argument === '--help' || argument === '-h') {
    console.log(help(room, port));
    process.exit(0);
  }
  if (argument !== undefined)
    fail(`${argument} is not understood; settings come from the environment (--help).`);
  try {
    const config = readConfig({ port });
    const services = await startServices(config);
    const database = databaseName(config, room);
    const options = { ...config.postgres, waitLimit: admits ? config.waitLimit : 0 };
    const sql = connect(services.postgres, database, options, settings);
    await assertCurrent(sql, room, database);
    await assertSettings(sql);
    return { config, services, database, sql };
  } catch (error) {
    return fail(error instanceof ConfigError ? error.message : `Cannot start: ${(error as Error).message}`);
  }
}

async function assertCurrent(sql: Sql, room: Kind, database: string): Promise<void> {
  const state = await stateOf(sql, room).catch((error: Error) => {
    throw new Error(`PostgreSQL does not answer: ${error.message}`);
  });
  const fault = faultOf(state, database);
  if (fault) throw new Error(fault);
}

// A pooler may drop settings that a client sends on connecting. Pages would be right but slow, and statements unlimited.
async function assertSettings(sql: Sql): Promise<void> {
  const { application_name, ...wanted } = sql.options.connection;
  const rows = await sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings where name = any(${Object.keys(wanted)}::text[])`;
  for (const { name, setting } of rows) {
    const value = String(wanted[name]);
    if (setting.split(',')[0] !== value)
      throw new Error(
        `connections have ${name} = ${setting}, not ${value}: a pooler has to set it (deploy/pgbouncer.ini)`,
      );
  }
}

/** Maximum bytes of a body that is read, to be refused in the error format. A longer one is not read. */
const longestBody = 2 ** 20;

/**
 * Serves `app` until SIGINT or SIGTERM. Then, for `drainTime`, `/ready` fails and each response closes its connection.
 * After that the port closes, in-flight requests end (10 s at most), and `close` is called. A second signal ends the
 * process at once.
 *
 * `reusePort` is off by default, or a second server would silently take half of the requests.
 */
export function serve(
  app: AnyElysia,
  { config, room, close }: { config: Config; room: string; close: () => Promise<unknown> },
) {
  const { port, host: hostname, reusePort, drainTime } = config;
  const idleTimeout = idleSeconds(config.postgres.statementTimeout);
  try {
    app.listen({ port, hostname, reusePort, idleTimeout, maxRequestBodySize: longestBody });
  } catch (error) {
    const taken = (error as { code?: string }).code === 'EADDRINUSE';
    fail(
      taken
        ? `Port ${port} on ${hostname} is taken by another process; end it or set PORT.`
        : `Cannot listen on ${hostname}:${port}: ${(error as Error).message}`,
    );
  }
  console.log(`${room} listens on http://${hostname}:${port} (docs: /api/swagger)`);
  const stop = async () => {
    if (ending.begun) process.exit(1);
    ending.begun = true;
    await Bun.sleep(drainTime);
    await Promise.race([app.server?.stop(), Bun.sleep(10_000)]);
    await Promise.race([close(), Bun.sleep(2_000)]);
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // As one of several processes (src/optimized/processes.ts), this one reports to the supervisor and ends with it.
  process.on('disconnect', stop);
  process.send?.('listens');
}

/**
 * Seconds after which an idle connection is closed. One that waits for its response counts as idle, so this allows for
 * two consecutive statements. 0 (never) if Bun cannot count that far.
 */
function idleSeconds(statementTimeout: number): number {
  const seconds = Math.ceil((2 * statementTimeout) / 1000) + 5;
  return statementTimeout > 0 && seconds <= 255 ? seconds : 0;
}
