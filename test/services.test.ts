import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';
import { noRedis, readConfig } from '../src/server/config.ts';
import {
  ServiceError,
  type Services,
  servicesStatus,
  startServices,
  stopServices,
} from '../src/services/index.ts';
import { postgresSettings } from '../src/services/settings.ts';
import { hasRedis } from './redis.ts';

const root = join(import.meta.dir, '..');
const dataDir = join(root, '.data', `test-services-${process.pid}`);
const ports = { postgres: 0, redis: 60_000 + (process.pid % 4000) };
const variables = {
  POSTGRES_USER: 'tester',
  POSTGRES_PASSWORD: 'it\'s "so"',
  REDIS_URL: hasRedis ? '' : noRedis,
};
const config = readConfig({ port: 0 }, variables);

const start = (settings = config) => startServices(settings, { dataDir, ports, throwaway: true });

setDefaultTimeout(60_000); // starts of real servers, on a machine that may be busy

let services: Services;
/** Not always below the data folder: see `findPlace`. */
let cluster: string;
const stranger = createServer();
beforeAll(async () => {
  // Another server holds the port that PostgreSQL would take: any port that was free, assigned by the system.
  await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done));
  ports.postgres = (stranger.address() as AddressInfo).port;
  services = await start();
  cluster = String((await one(`select current_setting('data_directory') as folder`))?.folder);
});
afterAll(async () => {
  await stopServices({ dataDir });
  stranger.close();
});

describe('PostgreSQL', () => {
  test('avoids a port that another server holds, and uses the user and password of the settings', async () => {
    expect(services.postgres.port).toBeGreaterThan(ports.postgres);
    const row = await one('select current_user, current_setting($1) as version', ['server_version']);
    expect(row).toEqual({ current_user: 'tester', version: '18.4' });
  });

  test('accepts no other password', async () => {
    const wrong = { ...config, postgres: { ...config.postgres, password: 'wrong' } };
    await expect(start(wrong)).rejects.toThrow(ServiceError);
    await expect(start(wrong)).rejects.toThrow('POSTGRES_PASSWORD');
  });

  test('sorts by code point and has the settings it needs', async () => {
    const row = await one(`select string_agg(t, '' order by t) as sorted, current_setting('jit') as jit,
      current_setting('timezone') as timezone, current_setting('listen_addresses') as addresses
      from unnest(array['b', 'ä', 'A', 'a', 'B', 'Z']) t`);
    expect(row).toEqual({ sorted: 'ABZabä', jit: 'off', timezone: 'UTC', addresses: '127.0.0.1' });
  });
});

test.if(hasRedis)('Redis answers and keeps nothing on disk', async () => {
  const client = new Bun.RedisClient(services.redis!.url);
  expect(await client.send('PING', [])).toBe('PONG');
  expect(await client.send('CONFIG', ['GET', 'save'])).toEqual({ save: '' });
  client.close();
});

test('the status shows name, state and a working address', async () => {
  const [database, cache] = await servicesStatus(config, { dataDir });
  expect(database).toMatchObject({ name: 'postgres', state: 'running' });
  const sql = postgres(database!.address!, { max: 1, database: 'postgres' });
  expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }]);
  await sql.end();
  expect(cache).toMatchObject({ name: 'redis', state: hasRedis ? 'running' : 'off' });
});

test('several processes that start at once get the same servers', async () => {
  await stopPostmaster('SIGKILL');
  const script = `
    import { noRedis, readConfig } from './src/server/config.ts';
    import { startServices } from './src/services/index.ts';
    const config = readConfig({ port: 0 }, ${JSON.stringify(variables)});
    console.log(JSON.stringify(await startServices(config, ${JSON.stringify({ dataDir, ports, throwaway: true })})));`;
  const others = [1, 2, 3].map(() =>
    Bun.spawn([process.execPath, '-e', script], { cwd: root, stdout: 'pipe' }),
  );
  const outputs = await Promise.all(others.map((other) => new Response(other.stdout).text()));
  expect(new Set(outputs).size).toBe(1);
  expect(JSON.parse(outputs[0]!)).toEqual(await start());
  services = await start();
});

test('a server that was killed starts again with its data', async () => {
  await one('create table kept as select 42 as answer');
  await one('checkpoint');
  await stopPostmaster('SIGKILL');
  services = await start();
  expect(await one('select answer from kept')).toEqual({ answer: 42 });
});

test('a killed server starts again even if its PID now belongs to another program', async () => {
  await stopPostmaster('SIGKILL');
  const file = join(cluster, 'postmaster.pid');
  const [, ...lines] = readFileSync(file, 'utf8').split('\n');
  // Of the same user, because PostgreSQL cannot mistake another user's process for its own.
  const { uid, gid } = statSync(cluster);
  const other = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid, cwd: '/' } : {});
  writeFileSync(file, [other.pid, ...lines].join('\n'));
  services = await start();
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill();
  expect(await one('select 1 as one')).toEqual({ one: 1 });
});

test('a server that cannot start reports why on one line', async () => {
  await stopPostmaster('SIGTERM');
  const settings = join(cluster, 'postgresql.auto.conf');
  const before = readFileSync(settings, 'utf8');
  writeFileSync(settings, "shared_buffers = 'plenty'\n");
  const fault = await start().catch((error: Error) => error);
  writeFileSync(settings, before);
  expect(fault).toBeInstanceOf(ServiceError);
  expect((fault as Error).message).toMatch(/^PostgreSQL does not start .*shared_buffers.*plenty/);
  services = await start();
});

test('the memory settings of PostgreSQL follow from the memory of the machine or container', () => {
  const GB = 1024 ** 3;
  const small = { memory: GB, cores: 1, disk: 8 * GB, sharedMemory: 64 * 1024 ** 2, clones: false };
  const large = { memory: 64 * GB, cores: 16, disk: 500 * GB, sharedMemory: 32 * GB, clones: true };
  expect(postgresSettings(5432, small, { throwaway: false })).toMatch(
    /shared_buffers = '256MB'[\s\S]*work_mem = '4MB'/,
  );
  expect(postgresSettings(5432, small, { throwaway: false })).toContain(
    "dynamic_shared_memory_type = 'mmap'",
  );
  expect(postgresSettings(5432, large, { throwaway: false })).toMatch(
    /shared_buffers = '8192MB'[\s\S]*work_mem = '32MB'/,
  );
  expect(postgresSettings(5432, large, { throwaway: false })).not.toContain('dynamic_shared_memory_type');
  expect(postgresSettings(5432, large, { throwaway: false })).not.toContain('fsync');
  expect(postgresSettings(5432, large, { throwaway: true })).toContain("fsync = 'off'");
});

test('nothing is started if the settings name the servers', async () => {
  const named = readConfig({ port: 0 }, { POSTGRES_HOST: 'db', REDIS_URL: 'redis://cache' });
  const nowhere = join(dataDir, 'nowhere');
  expect(await startServices(named, { dataDir: nowhere })).toEqual({
    postgres: { host: 'db', port: 5432, user: 'postgres', password: 'postgres' },
    redis: { url: 'redis://cache' },
    redisMissing: null,
    replica: null,
  });
  const off = readConfig({ port: 0 }, { POSTGRES_HOST: 'db', REDIS_URL: noRedis });
  const { redis, redisMissing } = await startServices(off, { dataDir: nowhere });
  expect({ redis, redisMissing }).toEqual({ redis: null, redisMissing: 'REDIS_URL is off.' });
  expect(existsSync(nowhere)).toBeFalse();
});

test('stopping throwaway services leaves nothing behind, and stopping them again does nothing', async () => {
  expect(await stopServices({ dataDir })).toEqual({ postgres: true, redis: hasRedis });
  expect(existsSync(dataDir)).toBeFalse();
  expect(await stopServices({ dataDir })).toEqual({ postgres: false, redis: false });
});

async function one(text: string, values: string[] = []): Promise<Record<string, unknown> | undefined> {
  const sql = postgres({ ...services.postgres, database: 'postgres', max: 1, onnotice: () => {} });
  const [row] = await sql.unsafe(text, values);
  await sql.end();
  return row && { ...row };
}

/** Kills the postmaster and waits until it is gone; its children may outlive it for a moment. */
async function stopPostmaster(signal: NodeJS.Signals): Promise<void> {
  const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(pid, signal);
  while (existsSync(`/proc/${pid}`)) await Bun.sleep(10);
}
