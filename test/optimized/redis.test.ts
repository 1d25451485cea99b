import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { createClient } from 'redis';
import { connectRedis, type Remote } from '../../src/optimized/redis.ts';
import { insertPeople } from '../contract/people.ts';
import { customers, type Room } from '../rooms.ts';
import { hasRedis, type OwnRedis, startOwnRedis } from './own-redis.ts';
import { openOptimized } from './room.ts';

setDefaultTimeout(60_000);

/** Waits until `check` holds, or fails after `most` ms. */
async function within(most: number, check: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await check())) {
    if (performance.now() - began > most) throw new Error(`not within ${most} ms`);
    await Bun.sleep(5);
  }
  return performance.now() - began;
}

describe.if(hasRedis)('Redis', () => {
  let redis: OwnRedis;
  beforeAll(async () => {
    redis = await startOwnRedis('redis');
  });
  afterAll(() => redis?.stop());

  const connected = async (work: (one: Remote, other: Remote) => Promise<void>) => {
    const [one, other] = await Promise.all([
      connectRedis(redis.url, 'scope'),
      connectRedis(redis.url, 'scope'),
    ]);
    await within(2000, async () => one.alive() && other.alive());
    await work(one, other);
    await Promise.all([one.close(), other.close()]);
  };

  test('keeps what one process has written for another, for a time', () =>
    connected(async (one, other) => {
      const { generation } = (await one.read('key'))!;
      await one.write('key', generation, 'täxt', 7);
      expect(await other.read('key')).toEqual({ text: 'täxt', generation });
      expect((await other.read('else'))!.text).toBeNull();
      const client = createClient({ url: redis.url });
      await client.connect();
      expect(await client.ttl('scope:key')).toBeWithin(1, 8);
      client.destroy();
    }));

  test('finds nothing of an earlier generation, also when it is written late', () =>
    connected(async (one, other) => {
      const { generation } = (await one.read('key'))!;
      let heard = 0;
      other.onInvalidation(() => heard++);
      await one.invalidate();
      await one.write('key', generation, 'late', 7);
      expect((await other.read('key'))!.text).toBeNull();
      expect((await one.read('key'))!.generation).not.toBe(generation);
      await within(1000, async () => heard > 0);
    }));

  test('keeps databases apart', async () => {
    const [one, other] = await Promise.all([connectRedis(redis.url, 'a'), connectRedis(redis.url, 'b')]);
    const { generation } = (await one.read('key'))!;
    await one.write('key', generation, 'of a', 7);
    expect((await other.read('key'))!.text).toBeNull();
    await Promise.all([one.close(), other.close()]);
  });

  test('that is not there makes nobody wait', async () => {
    const began = performance.now();
    const remote = await connectRedis('redis://127.0.0.1:1', 'scope');
    expect(await remote.read('key')).toBeNull();
    await remote.write('key', 'x', 'text', 7);
    await remote.invalidate();
    expect(remote.alive()).toBeFalse();
    expect(performance.now() - began).toBeLessThan(2000);
    await remote.close();
  });

  describe('under two servers', () => {
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
    /** Writes through one server; it, at once, and the other, within `most` ms, must show it. */
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

    test('that loses everything it held makes no answer wrong', async () => {
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
