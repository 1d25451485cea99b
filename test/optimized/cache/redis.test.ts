import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { createClient } from 'redis';
import { type OwnRedis, startOwnRedis } from '../../../bench/chaos/redis.ts';
import { connectRedis, type Remote } from '../../../src/optimized/cache/redis.ts';
import { insertPeople } from '../../contract/people.ts';
import { hasRedis, within } from '../../redis.ts';
import { customers, type Room } from '../../rooms.ts';
import { openOptimized } from '../room.ts';

setDefaultTimeout(60_000);

test('a missing Redis delays nothing', async () => {
  const began = performance.now();
  const remote = await connectRedis('redis://127.0.0.1:1', 'scope', 300);
  expect(await remote.read('key')).toBeNull();
  remote.write('key', 'text', 7);
  remote.publish('message');
  expect([remote.alive(), remote.answers()]).toEqual([false, false]);
  expect(performance.now() - began).toBeLessThan(1000);
  await remote.close();
});

describe.if(hasRedis)('Redis', () => {
  let redis: OwnRedis;
  beforeAll(async () => {
    redis = await startOwnRedis('redis');
  });
  afterAll(() => redis?.stop());

  const connected = async (work: (one: Remote, other: Remote) => Promise<void>) => {
    const [one, other] = await Promise.all([
      connectRedis(redis.url, 'scope', 300),
      connectRedis(redis.url, 'scope', 300),
    ]);
    await within(2000, async () => [one, other].every((each) => each.alive() && each.answers()));
    await work(one, other);
    await Promise.all([one.close(), other.close()]);
  };
  const stored = (remote: Remote, key: string, text: string) =>
    within(1000, async () => (await remote.read(key)) === text);

  test('keeps entries of one process for another, for a limited time', () =>
    connected(async (one, other) => {
      one.write('key', 'täxt', 7);
      await stored(other, 'key', 'täxt');
      expect(await other.read('else')).toBeNull();
      const client = createClient({ url: redis.url });
      await client.connect();
      expect(await client.ttl('scope:key')).toBeWithin(1, 8);
      client.destroy();
    }));

  test('carries messages of one process to all', () =>
    connected(async (one, other) => {
      const heard: string[] = [];
      other.onMessage((message) => heard.push(message));
      for (const message of ['one', 'two']) one.publish(message);
      await within(1000, async () => heard.length === 2);
      expect(heard).toEqual(['one', 'two']);
    }));

  test('is not queried for entries that no process has reported, once all older ones have expired', async () => {
    const [one, other] = await Promise.all([
      connectRedis(redis.url, 'told', 0.5),
      connectRedis(redis.url, 'told', 0.5),
    ]);
    const client = createClient({ url: redis.url });
    await client.connect();
    await client.set('told:older', 'text');
    await within(2000, async () => one.answers() && other.answers());
    await stored(other, 'older', 'text');
    await Bun.sleep(1700);
    expect(await other.read('older')).toBeNull();
    one.write('newer', 'text', 7);
    await stored(other, 'newer', 'text');
    await stored(one, 'newer', 'text');
    // A process whose connection was cut may have missed reports of others.
    await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await stored(other, 'older', 'text');
    client.destroy();
    await Promise.all([one.close(), other.close()]);
  });

  test('keeps databases apart', async () => {
    const [one, other] = await Promise.all([
      connectRedis(redis.url, 'a', 300),
      connectRedis(redis.url, 'b', 300),
    ]);
    await within(2000, async () => one.answers() && other.answers());
    one.write('key', 'of a', 7);
    await stored(one, 'key', 'of a');
    expect(await other.read('key')).toBeNull();
    await Promise.all([one.close(), other.close()]);
  });

  test('that is full refuses new entries, and counts as working', () =>
    connected(async (one) => {
      const client = createClient({ url: redis.url });
      await client.connect();
      await client.configSet('maxmemory', '1');
      one.write('full', 'text', 7);
      expect(await one.read('full')).toBeNull();
      await Bun.sleep(300);
      expect([one.answers(), one.alive()]).toEqual([true, true]);
      await client.configSet('maxmemory', '0');
      client.destroy();
    }));

  test('that hangs is waited for once', () =>
    connected(async (one) => {
      redis.hang();
      try {
        const began = performance.now();
        for (let i = 0; i < 20; i++) expect(await one.read('key')).toBeNull();
        expect(performance.now() - began).toBeLessThan(100);
        // Longer than its connections are kept.
        await Bun.sleep(6_000);
        expect([one.alive(), one.answers()]).toEqual([false, false]);
      } finally {
        redis.goOn();
      }
      expect(await within(2_000, async () => one.alive() && one.answers())).toBeLessThan(2_000);
    }));

  describe('with two servers', () => {
    let rooms: [Room, Room];
    beforeAll(async () => {
      const one = await openOptimized({ fill: insertPeople, redisUrl: redis.url });
      rooms = [one, await openOptimized({ on: one, redisUrl: redis.url })];
    }, 60_000);
    afterAll(async () => {
      await rooms?.[1].close();
      await rooms?.[0].close();
    }, 60_000);

    const names = async (room: Room) => {
      const began = performance.now();
      const { results } = await room.list('sort_by=customer_id');
      expect(performance.now() - began).toBeLessThan(1000);
      return results.map(({ last_name }) => last_name);
    };
    const cacheStatus = async (room: Room) =>
      (await room.ask(`${customers}?sort_by=customer_id`)).headers.get('cache-status')!;
    let writes = 0;
    /** Writes through each server. It must show the write at once, and the other within `most` ms. */
    const writeAndRead = async (most: number) => {
      for (const [writer, reader] of [rooms, rooms.toReversed() as [Room, Room]]) {
        const name = `Written ${++writes}`;
        expect((await writer.send('PATCH', '/1', { last_name: name })).status).toBe(200);
        expect((await names(writer))[0]).toBe(name);
        await within(most, async () => (await names(reader))[0] === name);
        for (const room of rooms) expect((await names(room))[0]).toBe(name);
      }
    };

    test('is used', async () => {
      await writeAndRead(1000);
      await within(2000, async () => (await cacheStatus(rooms[0])).includes('local'));
    });

    test('that hangs delays no answer and makes none wrong, and is used again afterwards', async () => {
      for (const room of rooms) await names(room);
      redis.hang();
      try {
        for (let i = 0; i < 3; i++) await writeAndRead(3000);
      } finally {
        redis.goOn();
      }
      await writeAndRead(2000);
      await within(5000, async () => (await cacheStatus(rooms[1])).includes('local'));
    });

    test('that is killed delays no answer and makes none wrong, and is used again afterwards', async () => {
      for (const room of rooms) await names(room);
      await redis.kill();
      for (let i = 0; i < 3; i++) await writeAndRead(3000);
      await redis.restart();
      await writeAndRead(2000);
      await within(5000, async () => (await cacheStatus(rooms[1])).includes('local'));
    });

    test('that loses all of its entries makes no answer wrong', async () => {
      const client = createClient({ url: redis.url });
      await client.connect();
      for (let i = 0; i < 5; i++) {
        for (const room of rooms) await names(room);
        await client.flushAll();
        await writeAndRead(1000);
      }
      client.destroy();
    });
  });
});
