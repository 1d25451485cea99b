import { describe, expect, test } from 'bun:test';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ConfigError, noRedis, readConfig, settings } from '../src/server/config.ts';
import { readRedisUrl } from '../src/server/redis-url.ts';

const defaults = { port: 8000 };

describe('settings', () => {
  test('have defaults', () => {
    expect(readConfig(defaults, {})).toEqual({
      postgres: {
        host: null,
        port: null,
        user: 'postgres',
        password: 'postgres',
        db: 'customers',
        replicas: [],
        pool: Math.min(64, availableParallelism() + 1),
        statementTimeout: 30_000,
      },
      replicaLag: 1_000,
      slowLimit: 5_000,
      waitLimit: 500,
      redisUrl: null,
      cache: 'full',
      cacheTimeout: 300,
      port: 8000,
      labPort: 8080,
      host: '127.0.0.1',
      reusePort: false,
      drainTime: 0,
      writePosition: false,
      apiToken: null,
      corsOrigins: [],
      slowStatement: 1_000,
      tracesEndpoint: null,
      logLevel: 'info',
    });
  });

  test('that are empty count as unset', () => {
    const names = ['POSTGRES_HOST', 'POSTGRES_PASSWORD', 'REDIS_URL', 'CACHE', 'PORT', 'API_TOKEN'];
    expect(readConfig(defaults, Object.fromEntries(names.map((name) => [name, ''])))).toEqual(
      readConfig(defaults, {}),
    );
  });

  test('are used as they are given', () => {
    const config = readConfig(defaults, {
      POSTGRES_HOST: 'db.example.org',
      POSTGRES_PORT: '6432',
      POSTGRES_PASSWORD: ' with spaces and ü ',
      REDIS_URL: 'rediss://user:pa%20ss@cache:6380/2',
      CACHE: 'Redis',
      PORT: '0',
      LAB_PORT: ' 9090 ',
      HOST: '::1',
      CORS_ORIGINS: 'https://a.example  http://b.example:81',
      LOG_LEVEL: 'silent',
    });
    expect(config.postgres).toMatchObject({
      host: 'db.example.org',
      port: 6432,
      password: ' with spaces and ü ',
    });
    expect(config.corsOrigins).toEqual(['https://a.example', 'http://b.example:81']);
    expect(config).toMatchObject({ cache: 'redis', port: 0, labPort: 9090, host: '::1', logLevel: 'silent' });
    expect(readConfig(defaults, { REDIS_URL: 'off' }).redisUrl).toBe(noRedis);
    expect(config.redisUrl).toBe('rediss://user:pa%20ss@cache:6380/2');
  });
});

test('POSTGRES_HOST may name several hosts, one of which accepts writes', () => {
  expect(readConfig(defaults, { POSTGRES_HOST: 'a:5432,b,10.0.0.1:7' }).postgres.host).toBe(
    'a:5432,b,10.0.0.1:7',
  );
});

test('REDIS_URL names one server, the primary that Sentinels watch, or a cluster', () => {
  expect(readRedisUrl('redis://cache')).toEqual({ kind: 'one', url: 'redis://cache' });
  expect(readRedisUrl('rediss+sentinel://user:p%40ss@a,[::1]:7,c.d:26380/my-name/2')).toEqual({
    ...{ kind: 'sentinel', name: 'my-name', database: 2, username: 'user', password: 'p@ss', tls: true },
    nodes: [
      { host: 'a', port: 26_379 },
      { host: '::1', port: 7 },
      { host: 'c.d', port: 26_380 },
    ],
  });
  expect(readRedisUrl('redis+cluster://:secret@a:7000,b')).toEqual({
    ...{ kind: 'cluster', username: undefined, password: 'secret', tls: false },
    nodes: [
      { host: 'a', port: 7000 },
      { host: 'b', port: 6379 },
    ],
  });
});

test.each(['README.md', '.env.example'])('%s names every setting, and no other', async (file) => {
  const text = await Bun.file(join(import.meta.dir, '..', file)).text();
  const named = [...text.matchAll(/^(?:\| `|#)([A-Z][A-Z_]+)(?:` \||=)/gm)].map(([, name]) => name!);
  expect(named.sort()).toEqual(Object.keys(settings.properties).sort());
});

describe('a bad setting', () => {
  const bad: [name: string, value: string, allowed: string][] = [
    ['PORT', '80a', '0 to 65535'],
    ['PORT', '65536', '0 to 65535'],
    ['PORT', '-1', '0 to 65535'],
    ['PORT', '1e3', '0 to 65535'],
    ['HOST', 'http://localhost', 'host name'],
    ['POSTGRES_HOST', 'db:5432', 'host name'],
    ['POSTGRES_HOST', 'a:5432,', 'host[:port]'],
    ['POSTGRES_HOST', 'a:5432,b:99999', 'host[:port]'],
    ['POSTGRES_PORT', '0', '1 to 65535'],
    ['POSTGRES_USER', 'pg_admin', 'pg_'],
    ['POSTGRES_DB', 'my-db; drop', 'a-z'],
    ['POSTGRES_DB', 'x'.repeat(41), '1 to 40'],
    ['POSTGRES_POOL', '0', '1 to 1000'],
    ['STATEMENT_TIMEOUT', '30s', 'whole number'],
    ['CACHE', 'on', 'full, redis, off'],
    ['CACHE_TIMEOUT', '0', '1 to 604800'],
    ['REDIS_URL', 'localhost:6379', 'redis://'],
    ['REDIS_URL', 'http://localhost', 'redis://'],
    ['REDIS_URL', 'redis+sentinel://a:26379,b', 'redis+sentinel://'],
    ['REDIS_URL', 'redis+sentinel://a:99999/name', 'redis+sentinel://'],
    ['REDIS_URL', 'redis+sentinel://a,/name', 'redis+sentinel://'],
    ['REDIS_URL', 'redis+cluster://a,b/0', 'redis+cluster://'],
    ['LAB_PORT', '65536', '0 to 65535'],
    ['POSTGRES_REPLICAS', 'db:0', 'commas'],
    ['POSTGRES_REPLICAS', 'db:5432,,other', 'commas'],
    ['POSTGRES_REPLICAS', '::1', 'commas'],
    ['REPLICA_LAG', '0', '1 to 60000'],
    ['CORS_ORIGINS', 'https://a.example/', 'origins'],
    ['CORS_ORIGINS', 'a.example', 'origins'],
    ['SLOW_STATEMENT', '1s', 'whole number'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318', 'http://'],
    ['LOG_LEVEL', 'loud', 'info'],
  ];

  test.each(bad)('is reported on one line with the allowed values: %s=%s', (name, value, allowed) => {
    const { message } = faultOf({ [name]: value });
    expect(message).toStartWith(`${name}=`);
    expect(message).toContain(value);
    expect(message).toContain(allowed);
    expect(message).not.toContain('\n');
  });

  test('is reported without secrets', () => {
    expect(faultOf({ API_TOKEN: 'top secret' }).message).not.toContain('secret');
    expect(faultOf({ POSTGRES_PASSWORD: 'top\nsecret' }).message).not.toContain('secret');
    for (const url of ['http://user:secret@host', 'redis+cluster://user:secret@a,b/0'])
      expect(faultOf({ REDIS_URL: url }).message).not.toContain('secret');
  });
});

function faultOf(env: Record<string, string>): ConfigError {
  try {
    readConfig(defaults, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error(`${JSON.stringify(env)} was accepted`);
}
