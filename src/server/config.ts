import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import Type from 'typebox';
import { Check, Errors } from 'typebox/schema';
import { readRedisUrl, redisUrlForms } from './redis-url.ts';

// All settings of the project. Only this file reads the environment (bun adds `.env` to it).

const text = (description: string, fits: (value: string) => boolean, options: object = {}) =>
  Type.Refine(Type.String({ description, ...options }), fits);
const integer = (minimum: number, maximum: number, options: object = {}) =>
  Type.Integer({ minimum, maximum, description: `a whole number from ${minimum} to ${maximum}`, ...options });
const oneOf = <Value extends string>(values: Value[], options: object) =>
  Type.Enum(values, { description: `one of ${values.join(', ')}`, ...options });
/** Taken unchanged, including spaces; its value appears in no message. */
const secret = (without: string, fits: RegExp, options: object = {}) =>
  text(`1 to 256 characters, without ${without}`, (value) => fits.test(value), { secret: true, ...options });

/**
 * One statement at a time for each processor, and one for the slow statements, which run one at a time (listing/queue.ts). More
 * statements share the processors, so each takes longer. On 2 processors 8 users sent 8 337 generated lists: p99 191 and 194 ms
 * with 5 connections, 149 and 141 ms with 3. 16 users got 501 creates a second with 5, 587 with 3, 510 with 2.
 */
const usefulConnections = Math.min(64, availableParallelism() + 1);

/** In characters. Names derived from it, such as `…_optimized_new`, must fit PostgreSQL's 63 bytes. */
export const longestBaseName = 40;

/** In place of an address: no Redis, and none is started. */
export const noRedis = 'off';

/** Type and default of each variable. The description states what is allowed, and is part of the error message. */
export const settings = Type.Object({
  POSTGRES_HOST: Type.Optional(
    text(
      'a host name, an IP address, the folder of a socket, or several as host[:port],host[:port]',
      (value) => value.startsWith('/') || isHost(value) || isHosts(value),
    ),
  ),
  POSTGRES_PORT: Type.Optional(integer(1, 65_535)),
  POSTGRES_USER: text('1 to 63 bytes without control characters, not "pg_…"', isRole, {
    default: 'postgres',
  }),
  POSTGRES_PASSWORD: secret('control characters', /^\P{Cc}{1,256}$/u, { default: 'postgres' }),
  POSTGRES_DB: Type.String({
    pattern: `^[a-z][a-z0-9_]{0,${longestBaseName - 1}}$`,
    description: `1 to ${longestBaseName} of a-z, 0-9 and _, beginning with a letter`,
    default: 'customers',
  }),
  POSTGRES_REPLICAS: Type.Optional(
    text('host[:port] with commas between, [::1]:5432 for IPv6', (value) => readReplicas(value) !== null),
  ),
  REPLICA_LAG: integer(1, 60_000, { default: 1_000 }),
  POSTGRES_POOL: integer(1, 1000, { default: usefulConnections }),
  STATEMENT_TIMEOUT: integer(0, 3_600_000, { default: 30_000 }),
  SLOW_LIMIT: integer(0, 3_600_000, { default: 5_000 }),
  WAIT_LIMIT: integer(0, 60_000, { default: 500 }),
  REDIS_URL: Type.Optional(
    text(`${redisUrlForms}, or ${noRedis}`, (value) => value === noRedis || readRedisUrl(value) !== null),
  ),
  CACHE: oneOf(['full', 'redis', 'off'], { default: 'full' }),
  CACHE_TIMEOUT: integer(1, 604_800, { default: 300 }),
  PORT: Type.Optional(integer(0, 65_535)),
  LAB_PORT: integer(0, 65_535, { default: 8080 }),
  HOST: text('a host name or an IP address to listen on', isHost, { default: '127.0.0.1' }),
  REUSE_PORT: oneOf(['on', 'off'], { default: 'off' }),
  DRAIN_TIME: integer(0, 600_000, { default: 0 }),
  WRITE_POSITION: Type.Optional(oneOf(['on', 'off'], {})),
  API_TOKEN: Type.Optional(secret('anything but visible ASCII characters', /^[\x21-\x7e]{1,256}$/)),
  SLOW_STATEMENT: integer(0, 3_600_000, { default: 1_000 }),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    text('http://host[:port][/path], or https://…', (value) =>
      /^https?:$/.test(URL.parse(value)?.protocol ?? ''),
    ),
  ),
  CORS_ORIGINS: Type.Optional(
    text('origins such as https://example.org, with spaces between, or *', isOrigins),
  ),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
});

export type Config = ReturnType<typeof readConfig>;

/** An invalid setting. The message is one line: variable, value, and what is allowed. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

type Environment = Record<string, string | undefined>;

/** Reads every setting; empty counts as unset. Throws ConfigError at the first invalid one. */
export function readConfig(defaults: { port: number }, env: Environment = process.env) {
  const given = read(env);
  return {
    postgres: {
      /**
       * null: the embedded server, which `startServices` starts. A path is the folder of a Unix socket. Of several
       * (`a:5432,b`), the one that accepts writes is used.
       */
      host: given.POSTGRES_HOST ?? null,
      /** null: 5432 on a named host, any free port for the embedded server. */
      port: given.POSTGRES_PORT ?? null,
      user: given.POSTGRES_USER,
      password: given.POSTGRES_PASSWORD,
      /** Base name; the servers use `<db>_naive` and `<db>_optimized`. */
      db: given.POSTGRES_DB,
      /** Replicas that the optimized server reads from; those that do not follow `host` are left out. */
      replicas: readReplicas(given.POSTGRES_REPLICAS ?? '') ?? [],
      /** Connections in a server's pool, and in its pool per replica. */
      pool: given.POSTGRES_POOL,
      /** Milliseconds; 0 for no limit. */
      statementTimeout: given.STATEMENT_TIMEOUT,
    },
    /** Maximum lag, in milliseconds, of a replica that is read. */
    replicaLag: given.REPLICA_LAG,
    /** Maximum milliseconds that slow work may be expected to take on the optimized server; 0 for no limit. */
    slowLimit: given.SLOW_LIMIT,
    /** Maximum milliseconds that a request waits for a connection on the optimized server; 0 for no limit. */
    waitLimit: given.WAIT_LIMIT,
    /** null: a local Redis, if there is one; `noRedis`: none. */
    redisUrl: given.REDIS_URL ?? null,
    cache: given.CACHE,
    /** Seconds. */
    cacheTimeout: given.CACHE_TIMEOUT,
    /** 0: any free port. */
    port: given.PORT ?? defaults.port,
    /** Port of the lab's page; 0: any free port. */
    labPort: given.LAB_PORT,
    host: given.HOST,
    /** Several processes share the port. */
    reusePort: given.REUSE_PORT === 'on',
    /** Milliseconds between the signal to end and the closing of the port. */
    drainTime: given.DRAIN_TIME,
    /**
     * The optimized server returns the log position of each write, as another server or replica may serve the client
     * next.
     */
    writePosition:
      given.WRITE_POSITION === undefined
        ? given.POSTGRES_REPLICAS !== undefined || given.REUSE_PORT === 'on'
        : given.WRITE_POSITION === 'on',
    apiToken: given.API_TOKEN ?? null,
    /** Origins whose pages may read responses in a browser; `*` for any. Empty: none. */
    corsOrigins: given.CORS_ORIGINS?.split(/ +/) ?? [],
    /** Minimum milliseconds that a logged statement takes; 0 logs none. */
    slowStatement: given.SLOW_STATEMENT,
    /** Where traces are sent; null: there are none. */
    tracesEndpoint: given.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    logLevel: given.LOG_LEVEL,
  };
}

/** The fields of a setting's schema that are read here. */
interface Setting {
  type?: string;
  enum?: string[];
  description?: string;
  default?: unknown;
  secret?: boolean;
}

function read(env: Environment): Type.Static<typeof settings> {
  const all = Object.entries<Setting>(settings.properties);
  const given = Object.fromEntries(all.map(([name, setting]) => [name, valueIn(setting, env[name])]));
  if (Check(settings, given)) return given; // used once: compiling it would take longer
  const [, [first]] = Errors(settings, given);
  const [name, setting] = all.find(([each]) => first?.instancePath === `/${each}`)!;
  throw new ConfigError(faultOf(name, setting, env[name]!.trim()));
}

/** The value that a text stands for. An invalid text is returned unchanged, and the schema rejects it. */
function valueIn(setting: Setting, text = ''): unknown {
  const trimmed = text.trim();
  if (trimmed === '' && !(setting.secret && text !== '')) return setting.default;
  if (setting.secret) return text;
  if (setting.type === 'integer' && /^\d+$/.test(trimmed)) return Number(trimmed);
  return setting.enum ? trimmed.toLowerCase() : trimmed;
}

function faultOf(name: string, { description, secret }: Setting, text: string): string {
  const open = text.replace(/\/\/[^@]*@/, '//…@'); // without a URL's password
  const shown = open.length > 60 ? `${open.slice(0, 60)}…` : open;
  return `${name}=${JSON.stringify(secret ? '(hidden)' : shown)} cannot be used: it takes ${description}.`;
}

function isOrigins(value: string): boolean {
  return value === '*' || value.split(/ +/).every((each) => URL.parse(each)?.origin === each);
}

function isHost(value: string): boolean {
  return isIP(value) !== 0 || (value.length <= 253 && /^[a-z\d_]([a-z\d_.-]*[a-z\d_])?$/i.test(value));
}

/** Two or more hosts, with or without ports. */
function isHosts(value: string): boolean {
  const places = value.split(',').map((place) => /^([^:]+)(?::(\d{1,5}))?$/.exec(place));
  return (
    places.length > 1 &&
    places.every((place) => place && isHost(place[1]!) && Number(place[2] ?? 1) <= 65_535)
  );
}

const replica = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i;

/** The servers in POSTGRES_REPLICAS; null if one is invalid. */
function readReplicas(value: string): { host: string; port: number }[] | null {
  const places = value.split(',').map((each) => {
    const [, host = '', port = '5432'] = replica.exec(each.trim()) ?? [];
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  });
  return places.every(({ host, port }) => isHost(host) && port >= 1 && port <= 65_535) ? places : null;
}

function isRole(value: string): boolean {
  return Buffer.byteLength(value) <= 63 && !/\p{Cc}/u.test(value) && !value.startsWith('pg_');
}
