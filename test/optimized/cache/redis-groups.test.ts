import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { startRedisCluster, startWatchedRedis, type WatchedRedis } from '../../../bench/cluster/redis.ts';
import { connectRedis, type Remote } from '../../../src/optimized/cache/redis.ts';
import { readConfig } from '../../../src/server/config.ts';
import { servicesStatus } from '../../../src/services/index.ts';
import { insertPeople } from '../../contract/people.ts';
import { hasRedis, within } from '../../redis.ts';
import { customers, type Room } from '../../rooms.ts';
import { openOptimized } from '../room.ts';

// Tests a primary that Sentinels replace, and a cluster, in place of one Redis.

setDefaultTimeout(60_000);

async function connected(url: string, work: (one: Remote, other: Remote) => Promise<void>): Promise<void> {
  const [one, other] = await Promise.all([connectRedis(url, 'scope', 300), connectRedis(url, 'scope', 300)]);
  await within(10_000, async () => [one, other].every((each) => each.alive() && each.answers()));
  await work(one, other);
  await Promise.all([one.close(), other.close()]);
}

/** Checks that entries and messages of one reach the other. */
async function shares(one: Remote, other: Remote, keys: number): Promise<void> {
  for (let key = 0; key < keys; key++) one.write(`key ${key}`, `text ${key}`, 7);
  for (let key = 0; key < keys; key++)
    await within(1_000, async () => (await other.read(`key ${key}`)) === `text ${key}`);
  const heard: string[] = [];
  other.onMessage((message) => heard.push(message));
  one.publish('message');
  await within(1_000, async () => heard.includes('message'));
}

const url = 'redis+sentinel://127.0.0.1:1,127.0.0.1:2/customers';
test.each([url, 'redis+cluster://127.0.0.1:1'])(
  '%s, where no Redis runs, delays nothing',
  async (nowhere) => {
    const began = performance.now();
    const remote = await connectRedis(nowhere, 'scope', 300);
    expect(await remote.read('key')).toBeNull();
    remote.write('key', 'text', 7);
    expect([remote.alive(), remote.answers()]).toEqual([false, false]);
    expect(performance.now() - began).toBeLessThan(1_000);
    await remote.close();
  },
);

describe.if(hasRedis)('a cluster of Redis', () => {
  test('keeps entries on all of its servers, carries messages, and works without one of them', async () => {
    const cluster = await startRedisCluster('cluster');
    try {
      await connected(cluster.url, async (one, other) => {
        await shares(one, other, 30);
        await cluster.nodes[2]!.child.stop();
        const began = performance.now();
        for (let key = 0; key < 30; key++) await one.read(`key ${key}`);
        expect(performance.now() - began).toBeLessThan(500);
        // The entries of the other two are found again as soon as one of them has answered.
        await within(5_000, async () => {
          const found = await Promise.all(Array.from({ length: 30 }, (_, key) => one.read(`key ${key}`)));
          return found.some((text) => text !== null);
        });
      });
    } finally {
      await cluster.stop();
    }
  });
});

describe.if(hasRedis)('a Redis with Sentinels', () => {
  let redis: WatchedRedis;
  let rooms: [Room, Room];
  beforeAll(async () => {
    redis = await startWatchedRedis('watched');
    const one = await openOptimized({ fill: insertPeople, redisUrl: redis.url });
    rooms = [one, await openOptimized({ on: one, redisUrl: redis.url })];
  });
  afterAll(async () => {
    await rooms?.[1].close();
    await rooms?.[0].close();
    await redis?.stop();
  });

  const names = async (room: Room) =>
    (await room.list('sort_by=customer_id')).results.map(({ last_name }) => last_name);
  const source = async (room: Room) =>
    (await room.ask(`${customers}?sort_by=customer_id`)).headers.get('cache-status')!;
  let writes = 0;
  /** Writes through each server. It must show the write at once, and the other within 1 s; all of that takes less than 1.5 s. */
  async function writeAndRead(): Promise<void> {
    for (const [writer, reader] of [rooms, rooms.toReversed() as [Room, Room]]) {
      const name = `Written ${++writes}`;
      const began = performance.now();
      expect((await writer.send('PATCH', '/1', { last_name: name })).status).toBe(200);
      expect((await names(writer))[0]).toBe(name);
      await within(1_000, async () => (await names(reader))[0] === name);
      expect(performance.now() - began).toBeLessThan(1_500);
    }
  }
  // A Sentinel learns of a promotion by another one up to 2 s later.
  const isUsed = () =>
    within(10_000, async () => {
      await Promise.all(rooms.map(names));
      const sources = await Promise.all(rooms.map(source));
      return sources.every((each) => each.includes('local'));
    });
  /** Writes and reads until `done`, and returns the number of rounds. */
  async function throughout(done: Promise<unknown>): Promise<number> {
    let over = false;
    let rounds = 0;
    const ended = done.finally(() => {
      over = true;
    });
    ended.catch(() => {});
    for (; !over; rounds++) await writeAndRead();
    await ended;
    return rounds;
  }

  test('is used', async () => {
    await connected(redis.url, (one, other) => shares(one, other, 10));
    await writeAndRead();
    await isUsed();
    const [, status] = await servicesStatus(
      readConfig({ port: 0 }, { POSTGRES_HOST: '/', REDIS_URL: redis.url }),
    );
    expect(status).toMatchObject({ name: 'redis', state: 'running' });
  });

  test.each(['failOver', 'hang'] as const)(
    'gives no stale or slow answer during %s, and the promoted server is used',
    async (fault) => {
      const before = await redis.primary();
      expect(await throughout(redis[fault]())).toBeGreaterThan(0);
      expect(await redis.primary()).not.toBe(before);
      await isUsed();
      await redis.agreed();
      await connected(redis.url, (one, other) => shares(one, other, 10));
    },
  );
});
