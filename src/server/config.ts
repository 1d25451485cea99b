import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';

/** All settings of the project. This is the only file that reads the environment (`.env` included, by bun). */
export interface Config {
  postgres: {
    /** null: the embedded server, which `startServices` starts. A path is the folder of a Unix socket. */
    host: string | null;
    /** null: 5432 on a named host, any free one for the embedded server. */
    port: number | null;
    user: string;
    password: string;
    /** Base name; the servers use `<db>_naive` and `<db>_optimized`. */
    db: string;
    /** Connections in a server's pool. */
    pool: number;
    /** Milliseconds; 0 for no limit. */
    statementTimeout: number;
  };
  /** null: a local Redis, where there is one. */
  redisUrl: string | null;
  cache: (typeof caches)[number];
  /** Seconds. */
  cacheTimeout: number;
  /** 0 takes any free one. */
  port: number;
  host: string;
  apiToken: string | null;
  logLevel: (typeof logLevels)[number];
}

/** A setting that cannot be used. The message is one line: variable, value, and what is allowed. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * As many statements at once as the processors have use for (https://wiki.postgresql.org/wiki/Number_Of_Database_Connections).
 * With 16 connections on 2 processors 16 users got 978 lists and 719 creates a second, with 5 of them 1 123 and 984.
 */
const usefulConnections = Math.min(64, 2 * availableParallelism() + 1);

/** Characters: the names made of it, such as `…_optimized_new`, must stay within PostgreSQL's 63 bytes. */
export const longestBaseName = 40;

const caches = ['full', 'redis', 'off'] as const;
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

type Environment = Record<string, string | undefined>;

/** Reads every setting; an empty value counts as unset. Throws ConfigError at the first bad one. */
export function readConfig(defaults: { port: number }, env: Environment = process.env): Config {
  const text = (name: string): string | null => env[name]?.trim() || null;
  return {
    postgres: {
      host: matching(
        text,
        'POSTGRES_HOST',
        isHostOrSocket,
        'a host name, an IP address or the folder of a socket',
      ),
      port: integer(text, 'POSTGRES_PORT', null, 1, 65_535),
      user:
        matching(text, 'POSTGRES_USER', isRole, '1 to 63 bytes without control characters, not "pg_…"') ??
        'postgres',
      password: secret(env, 'POSTGRES_PASSWORD', /^\P{Cc}{1,256}$/u, 'control characters') ?? 'postgres',
      db:
        matching(
          text,
          'POSTGRES_DB',
          isDatabase,
          `1 to ${longestBaseName} of a-z, 0-9 and _, beginning with a letter`,
        ) ?? 'customers',
      pool: integer(text, 'POSTGRES_POOL', usefulConnections, 1, 1000),
      statementTimeout: integer(text, 'STATEMENT_TIMEOUT', 30_000, 0, 3_600_000),
    },
    redisUrl: redisUrl(text('REDIS_URL')),
    cache: oneOf(text, 'CACHE', caches, 'full'),
    cacheTimeout: integer(text, 'CACHE_TIMEOUT', 300, 1, 604_800),
    port: integer(text, 'PORT', defaults.port, 0, 65_535),
    host: matching(text, 'HOST', isHost, 'a host name or an IP address to listen on') ?? '127.0.0.1',
    apiToken: secret(env, 'API_TOKEN', /^[\x21-\x7e]{1,256}$/, 'anything but visible ASCII characters'),
    logLevel: oneOf(text, 'LOG_LEVEL', logLevels, 'info'),
  };
}

type Read = (name: string) => string | null;

function bad(name: string, value: string, allowed: string): ConfigError {
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return new ConfigError(`${name}=${JSON.stringify(shown)} cannot be used: ${allowed}.`);
}

function integer<Default extends number | null>(
  read: Read,
  name: string,
  otherwise: Default,
  min: number,
  max: number,
): number | Default {
  const value = read(name);
  if (value === null) return otherwise;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw bad(name, value, `a whole number from ${min} to ${max}`);
}

function oneOf<Value extends string>(
  read: Read,
  name: string,
  allowed: readonly Value[],
  otherwise: Value,
): Value {
  const value = read(name)?.toLowerCase();
  if (value === undefined) return otherwise;
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw bad(name, value, `one of ${allowed.join(', ')}`);
  return found;
}

function matching(
  read: Read,
  name: string,
  fits: (value: string) => boolean,
  allowed: string,
): string | null {
  const value = read(name);
  if (value !== null && !fits(value)) throw bad(name, value, allowed);
  return value;
}

/** Taken as it stands, spaces too; the value never appears in a message. */
function secret(env: Environment, name: string, fits: RegExp, without: string): string | null {
  const value = env[name] || null;
  if (value !== null && !fits.test(value)) {
    throw bad(name, '(hidden)', `1 to 256 characters, without ${without}`);
  }
  return value;
}

function redisUrl(value: string | null): string | null {
  if (value === null) return null;
  const url = URL.parse(value);
  if (url && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^(\/\d*)?$/.test(url.pathname))
    return value;
  throw bad(
    'REDIS_URL',
    value.replace(/\/\/[^@]*@/, '//…@'),
    'redis://[user:password@]host[:port][/number], or rediss://',
  );
}

function isHost(value: string): boolean {
  return isIP(value) !== 0 || (value.length <= 253 && /^[a-z\d_]([a-z\d_.-]*[a-z\d_])?$/i.test(value));
}

function isHostOrSocket(value: string): boolean {
  return value.startsWith('/') || isHost(value);
}

function isRole(value: string): boolean {
  return Buffer.byteLength(value) <= 63 && !/\p{Cc}/u.test(value) && !value.startsWith('pg_');
}

function isDatabase(value: string): boolean {
  return value.length <= longestBaseName && /^[a-z][a-z0-9_]*$/.test(value);
}
