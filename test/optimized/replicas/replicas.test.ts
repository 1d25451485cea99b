import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Customer } from '../../../src/contract/customer.ts';
import { openReplica, Unfit } from '../../../src/optimized/replicas/replica.ts';
import { noRedis, readConfig } from '../../../src/server/config.ts';
import { connected } from '../../../src/server/connection.ts';
import type { Sql } from '../../../src/server/database.ts';
import { servicesStatus } from '../../../src/services/index.ts';
import { change } from '../../contract/change.suite.ts';
import { create } from '../../contract/create.suite.ts';
import { insertPeople } from '../../contract/people.ts';
import { type Pair, startPair } from '../../replica.ts';
import { customers, type Room, useRoom } from '../../rooms.ts';
import { type OptimizedOptions, openOptimized } from '../room.ts';

// Tests the guarantees for a client on a separate PostgreSQL with a replica, whichever of the two is read.

setDefaultTimeout(60_000);

let pair: Pair;
beforeAll(async () => {
  pair = await startPair('replicas');
}, 120_000);
afterAll(() => pair?.remove(), 60_000);

const open = async (options: OptimizedOptions = {}): Promise<Room> => {
  const on = options.on ?? (await pair.copy());
  const room = await openOptimized({ redisUrl: null, replicas: [pair.replica], ...options, on });
  const close = async () => {
    await room.close();
    if (!options.on) await on.drop();
  };
  return { ...room, close };
};

describe('the contract of writes, read on a replica', () => {
  const room = useRoom((options) => open(options), { fill: insertPeople });
  create(room);
  change(room);
});

/** The value of a metric; 0 if it has none. */
async function metric(room: Room, name: string): Promise<number> {
  const text = await (await room.ask('/metrics')).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}
const from = (server: string) => `database_reads_total{from="${server}"}`;
const onReplica = (room: Room) => metric(room, from(`127.0.0.1:${pair.replica.port}`));
const outdated = (room: Room) => metric(room, 'replica_reads_repeated_total{cause="outdated"}');
const degraded = async (room: Room) =>
  ((await (await room.ask('/ready')).json()) as { degraded: string[] }).degraded;

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; !(await holds()); await Bun.sleep(20))
    if (performance.now() > end) throw new Error(`not within 10 s: ${what}`);
}
const settled = (room: Room) =>
  until('every replica is read from', async () => (await degraded(room)).length === 0);

const lastNames = async (room: Room, query: string, headers = {}) => {
  const response = await room.ask(`${customers}?${query}`, { headers });
  expect(response.status).toBe(200);
  return ((await response.json()) as { results: Customer[] }).results.map(({ last_name }) => last_name);
};
const add = (room: Room, last_name: string) => room.send('POST', '', { first_name: 'Replicated', last_name });
const carried = (answer: Response) => ({ 'write-position': answer.headers.get('write-position')! });

/** Runs `work` directly on the replica. */
const atReplica = <T>(room: Room, work: (sql: Sql) => Promise<T>): Promise<T> =>
  connected({ ...pair.replica, database: room.name }, work);

describe('two servers and a replica', () => {
  let [one, other]: Room[] = [];
  beforeAll(async () => {
    one = await open({ fill: insertPeople });
    other = await open({ on: one });
    await settled(one);
  });
  afterAll(async () => {
    await other?.close();
    await one?.close();
  });

  test('read on the replica, and name the place of a write in the log', async () => {
    const before = await onReplica(one!);
    await lastNames(one!, 'first_name=nobody');
    expect((await one!.ask(`${customers}/1`)).status).toBe(200);
    expect(await onReplica(one!)).toBe(before + 2);
    const written = await add(one!, 'First');
    const position = written.headers.get('write-position');
    expect(position).toMatch(/^[\dA-F]+\/[\dA-F]+$/);
    expect(written.headers.get('set-cookie')).toBe(
      `write_position=${position}; Path=/; Max-Age=120; HttpOnly; SameSite=Lax`,
    );
    const { id } = (await written.json()) as Customer;
    for (const [method, body] of [
      ['PATCH', { last_name: 'Second' }],
      ['DELETE', undefined],
    ] as const)
      expect((await one!.send(method, `/${id}`, body)).headers.get('write-position')).toMatch(/\//);
    expect(await metric(one!, `replica_lag_seconds{replica="127.0.0.1:${pair.replica.port}"}`)).toBeWithin(
      0,
      1,
    );
  });

  test('show a write to its client on the other server at once, by header and by cookie', async () => {
    let stale = 0;
    for (let round = 0; round < 60; round++) {
      const [writer, reader] = round % 2 ? [one!, other!] : [other!, one!];
      const last_name = `Round ${round}`;
      // Puts the list into the memory of the reader, so that it may be outdated there.
      await lastNames(reader, 'first_name=replicated');
      await lastNames(reader, 'first_name=replicated');
      const written = await add(writer, last_name);
      const [cookie] = written.headers.get('set-cookie')!.split(';');
      const headers = round % 3 ? carried(written) : { cookie: cookie! };
      if (round % 10 === 9)
        stale += Number(!(await lastNames(reader, 'first_name=replicated')).includes(last_name));
      expect(await lastNames(reader, 'first_name=replicated', headers)).toContain(last_name);
      const { id } = (await written.json()) as Customer;
      const found = await reader.ask(`${customers}/${id}`, { headers });
      expect(((await found.json()) as Customer).last_name).toBe(last_name);
    }
    expect(stale).toBeGreaterThan(0); // without the header or cookie, the other server may be 25 ms late
  });

  test('show nothing outdated while the replica replays nothing', async () => {
    await atReplica(one!, (sql) => sql`select pg_wal_replay_pause()`);
    try {
      const [seen, late] = [await onReplica(one!), await outdated(one!)];
      for (let round = 0; round < 5; round++) {
        await add(one!, `Paused ${round}`);
        expect(await lastNames(one!, 'first_name=replicated&page_size=1')).toEqual([`Paused ${round}`]);
        // A list that no change concerns is still read on the replica.
        expect(await lastNames(one!, `first_name=someone&page_size=${10 + round}`)).toEqual(['One']);
      }
      expect(await onReplica(one!)).toBeGreaterThanOrEqual(seen + 5);
      expect(await outdated(one!)).toBeGreaterThanOrEqual(late + 5);
      await until('the replica is left out', async () =>
        /is more than 1000 ms behind/.test((await degraded(one!))[0] ?? ''),
      );
      const left = await onReplica(one!);
      await lastNames(one!, 'first_name=someone&page_size=50');
      expect(await onReplica(one!)).toBe(left);
    } finally {
      await atReplica(one!, (sql) => sql`select pg_wal_replay_resume()`);
    }
    await settled(one!);
  });

  test('notice a transaction that was in progress when a page was read on the replica', async () => {
    await one!.sql.begin(async (sql) => {
      await sql`update customer set last_name = 'Under way' where id = 1`;
      // A later transaction ends first, so that on the standby its id comes after that of the one in progress.
      await add(one!, 'Later');
      await until('the replica has both', () =>
        atReplica(
          one!,
          async (at) => (await at`select from customer where last_name = 'Later'`).length === 1,
        ),
      );
      await lastNames(one!, 'last_name=one&first_name=someone');
      expect(await lastNames(one!, 'last_name=one&first_name=someone')).toEqual(['One']);
    });
    await Bun.sleep(60);
    expect(await lastNames(one!, 'last_name=one&first_name=someone')).toEqual([]);
    await one!.sql`update customer set last_name = 'One' where id = 1`;
  });

  test('verify what they read also without a cache', async () => {
    const bare = await open({ on: one!, cache: 'off' });
    await settled(bare);
    for (let round = 0; round < 20; round++) {
      await add(bare, `Bare ${round}`);
      expect(await lastNames(bare, 'first_name=replicated&page_size=1')).toEqual([`Bare ${round}`]);
    }
    await bare.close();
  });

  /** Reads different lists without a pause until the end. Returns how many, and the slowest in ms. */
  function load(room: Room) {
    let [over, count, slowest] = [false, 0, 0];
    const users = Promise.all(
      [0, 1, 2, 3].map(async () => {
        while (!over) {
          const began = performance.now();
          const after = `2000-01-01T00:00:00.${`${++count}`.padStart(6, '0')}Z`;
          expect(await lastNames(room, `first_name=someone&created_after=${after}`)).toEqual(['One']);
          slowest = Math.max(slowest, performance.now() - began);
        }
      }),
    );
    return async () => {
      over = true;
      await users;
      return { count, slowest };
    };
  }

  test('continue without a replica that is killed, and use it again later', async () => {
    const end = load(one!);
    await Bun.sleep(100);
    process.kill(pair.pids().replica, 'SIGKILL');
    await until('it is left out', async () => /does not answer/.test((await degraded(one!))[0] ?? ''));
    await add(one!, 'While it is away');
    expect(await lastNames(other!, 'first_name=replicated&page_size=1')).toHaveLength(1);
    await Bun.sleep(200);
    await pair.start();
    await settled(one!);
    await settled(other!);
    const { slowest } = await end();
    expect(slowest).toBeLessThan(1000);
    const before = await onReplica(one!);
    expect(await lastNames(one!, 'first_name=replicated&page_size=1')).toEqual(['While it is away']);
    await lastNames(one!, 'first_name=someone&page_size=77');
    expect(await onReplica(one!)).toBeGreaterThan(before);
  });

  test('wait at most a second for a replica that hangs', async () => {
    const end = load(one!);
    await Bun.sleep(100);
    const goOn = pair.hang();
    await until('it is left out', async () => /does not answer/.test((await degraded(one!))[0] ?? ''));
    await Bun.sleep(1000);
    goOn();
    await settled(one!);
    expect((await end()).slowest).toBeLessThan(1800);
  });

  test('continue reading while the primary is away, as soon as the replica has all known writes', async () => {
    await atReplica(one!, (sql) => sql`select pg_wal_replay_pause()`);
    const written = await add(one!, 'Before');
    const query = 'first_name=replicated&page_size=1';
    process.kill(pair.pids().primary, 'SIGINT');
    await Bun.sleep(1_200);
    for (const headers of [{}, carried(written)])
      expect((await one!.ask(`${customers}?${query}`, { headers })).status).toBe(503);
    await atReplica(one!, (sql) => sql`select pg_wal_replay_resume()`);
    await until('it is read', async () => (await one!.ask(`${customers}?${query}`)).status === 200);
    for (const headers of [{}, carried(written)])
      expect(await lastNames(one!, query, headers)).toEqual(['Before']);
    expect((await add(one!, 'Refused')).status).toBe(503);
    await pair.start();
    await settled(one!);
    expect((await add(one!, 'After')).status).toBe(201);
    expect(await lastNames(one!, query)).toEqual(['After']);
  });

  test('appear in the status of the services', async () => {
    const status = await servicesStatus(readConfig({ port: 0 }, { REDIS_URL: noRedis }), pair);
    expect(status).toMatchObject([
      {
        name: 'postgres',
        state: 'running',
        address: expect.stringContaining(`:${pair.services.postgres.port}/`),
      },
      { name: 'replica', state: 'running', address: expect.stringContaining(`:${pair.replica.port}/`) },
      { name: 'redis', state: 'off' },
    ]);
  });

  // This test is the last one, because the replica does not become a standby again.
  test('stop using a promoted replica from its first statement on', async () => {
    const options = { pool: 1, statementTimeout: 5_000, waitLimit: 0 };
    const bare = openReplica(pair.replica, one!.name, options, {});
    const name = () =>
      bare.read(async (sql) => (await sql`select last_name from customer where id = 1`)[0]!.last_name);
    expect(await name()).toBe('One');
    const end = load(one!);
    await atReplica(one!, (sql) => sql`select pg_promote()`);
    await expect(name()).rejects.toThrow(Unfit); // on the same connection
    await atReplica(one!, (sql) => sql`update customer set last_name = 'Elsewhere' where id = 1`);
    await Bun.sleep(100);
    expect((await end()).count).toBeGreaterThan(20);
    expect(await degraded(one!)).toEqual([`replica 127.0.0.1:${pair.replica.port} is no standby`]);
    await bare.close();
  });
});
