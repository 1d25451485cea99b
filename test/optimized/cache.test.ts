import { describe, expect, test } from 'bun:test';
import { random } from '../../bench/generate/random.ts';
import { type CacheOptions, createCache } from '../../src/optimized/cache.ts';
import { fakeRedis } from './fake-redis.ts';

const local = (options: Partial<CacheOptions> = {}) =>
  createCache({ mode: 'full', remote: null, timeout: 300, ...options });

/** A load that ends when it is told to, and how often it was begun. */
function held(text: string) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const load = () => {
    load.begun += 1;
    return promise;
  };
  load.begun = 0;
  return { load, release: () => resolve(text) };
}
const never = () => Promise.reject(new Error('loaded again'));
const soon = () => Bun.sleep(1);

describe('a cache', () => {
  test('loads once, and then answers from memory', async () => {
    const cache = local();
    expect(await cache.get('key', async () => 'text')).toEqual({ text: 'text', from: 'origin' });
    expect(await cache.get('key', never)).toEqual({ text: 'text', from: 'local' });
    expect(await cache.get('other', async () => 'x')).toEqual({ text: 'x', from: 'origin' });
  });

  test('keeps an empty text as well', async () => {
    const cache = local();
    await cache.get('key', async () => '');
    expect(await cache.get('key', never)).toEqual({ text: '', from: 'local' });
  });

  test('loads once for all who ask at once', async () => {
    const cache = local();
    const { load, release } = held('text');
    const asked = Array.from({ length: 20 }, () => cache.get('key', load));
    await soon();
    release();
    const answers = await Promise.all(asked);
    expect(load.begun).toBe(1);
    expect(answers.map(({ text }) => text)).toEqual(Array(20).fill('text'));
    expect(answers.map(({ from }) => from)).toEqual(['origin', ...Array(19).fill('joined')]);
  });

  test('keeps nothing of a load that failed, and tells all who waited', async () => {
    const cache = local();
    const asked = [1, 2, 3].map(() => cache.get('key', () => Promise.reject(new Error('down'))));
    for (const answer of await Promise.allSettled(asked)) expect(answer.status).toBe('rejected');
    expect(await cache.get('key', async () => 'up')).toEqual({ text: 'up', from: 'origin' });
  });

  test('forgets everything at an invalidation', async () => {
    const cache = local();
    await cache.get('key', async () => 'old');
    await cache.invalidate();
    expect(cache.entries()).toEqual({ count: 0, bytes: 0 });
    expect((await cache.get('key', async () => 'new')).text).toBe('new');
  });

  test('never finds again what was loaded across an invalidation', async () => {
    const redis = fakeRedis();
    const cache = local({ remote: redis.connect() });
    const old = held('old');
    const before = cache.get('key', old.load);
    await soon();
    await cache.invalidate();
    old.release();
    expect((await before).text).toBe('old');
    await soon();
    expect(cache.entries().count).toBe(0);
    expect(await cache.get('key', async () => 'new')).toEqual({ text: 'new', from: 'origin' });
    const other = local({ remote: redis.connect() });
    expect(await other.get('key', never)).toEqual({ text: 'new', from: 'redis' });
  });

  test('lets nobody join a load that was begun before an invalidation', async () => {
    const cache = local();
    const [old, fresh] = [held('old'), held('new')];
    const before = cache.get('key', old.load);
    await cache.invalidate();
    const after = cache.get('key', fresh.load);
    const joined = cache.get('key', never);
    fresh.release();
    expect(await after).toEqual({ text: 'new', from: 'origin' });
    expect(await joined).toEqual({ text: 'new', from: 'joined' });
    old.release();
    expect((await before).text).toBe('old');
    expect(await cache.get('key', never)).toEqual({ text: 'new', from: 'local' });
  });

  test('holds no more bytes than it may', async () => {
    const cache = local({ maxBytes: 10_000 });
    for (let i = 0; i < 100; i++) {
      await cache.get(`key ${i}`, async () => 'x'.repeat(500));
      expect(cache.entries().bytes).toBeLessThanOrEqual(10_000);
    }
    expect(cache.entries().count).toBeGreaterThan(5);
    expect((await cache.get('key 99', never)).from).toBe('local');
    expect((await cache.get('key 0', async () => 'again')).from).toBe('origin');
    expect((await cache.get('huge', async () => 'x'.repeat(20_000))).text).toHaveLength(20_000);
    expect(cache.entries().bytes).toBeLessThanOrEqual(10_000);
  });

  test('without Redis does not trust its memory for long', async () => {
    const cache = local();
    await cache.get('key', async () => 'old');
    await Bun.sleep(1_100);
    expect((await cache.get('key', async () => 'new')).text).toBe('new');
  });

  test('that is off loads each time', async () => {
    const redis = fakeRedis();
    const cache = local({ mode: 'off', remote: redis.connect() });
    await cache.get('key', async () => 'one');
    expect(await cache.get('key', async () => 'two')).toEqual({ text: 'two', from: 'off' });
    await cache.invalidate();
    expect(redis).toMatchObject({ reads: 0, writes: 0 });
  });
});

describe('with Redis, a cache', () => {
  test('finds what another process has loaded, for as long as it is told', async () => {
    const redis = fakeRedis();
    await local({ remote: redis.connect(), timeout: 17 }).get('key', async () => 'text');
    expect(redis.timeouts).toEqual([17]);
    const other = local({ remote: redis.connect() });
    expect(await other.get('key', never)).toEqual({ text: 'text', from: 'redis' });
    expect(await other.get('key', never)).toEqual({ text: 'text', from: 'local' });
  });

  test('of mode redis keeps nothing in its own memory', async () => {
    const cache = local({ mode: 'redis', remote: fakeRedis().connect() });
    await cache.get('key', async () => 'text');
    expect(await cache.get('key', never)).toEqual({ text: 'text', from: 'redis' });
    expect(cache.entries().count).toBe(0);
  });

  test('forgets when another process writes', async () => {
    const redis = fakeRedis();
    const [one, other] = [local({ remote: redis.connect() }), local({ remote: redis.connect() })];
    await one.get('key', async () => 'old');
    await other.get('key', never);
    await one.invalidate();
    expect(await other.get('key', async () => 'new')).toEqual({ text: 'new', from: 'origin' });
    expect(await one.get('key', never)).toEqual({ text: 'new', from: 'redis' });
  });

  test('uses neither memory nor Redis while that is down, or silent', async () => {
    const redis = fakeRedis();
    const cache = local({ remote: redis.connect() });
    await cache.get('key', async () => 'old');
    redis.down = true;
    expect(await cache.get('key', async () => 'new')).toEqual({ text: 'new', from: 'origin' });
    expect(await cache.get('key', async () => 'newer')).toEqual({ text: 'newer', from: 'origin' });
  });
});

test('nobody reads what is older than a write that was acknowledged, whatever happens at once', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const draw = random(seed);
    const pause = () => Bun.sleep(draw.int(0, 2));
    const redis = fakeRedis(pause);
    const caches = [1, 2, 3].map(() => local({ remote: redis.connect() }));
    let database = 0;
    let acknowledged = 0;
    const act = async () => {
      for (let i = 0; i < 15; i++) {
        const cache = draw.pick(caches);
        if (draw.chance(0.3)) {
          await pause();
          const written = ++database;
          await cache.invalidate();
          acknowledged = Math.max(acknowledged, written);
        } else {
          const least = acknowledged;
          const { text } = await cache.get(`key ${draw.int(1, 2)}`, async () => {
            await pause();
            const read = String(database);
            await pause();
            return read;
          });
          expect([seed, Number(text)]).toEqual([seed, Math.max(Number(text), least)]);
        }
      }
    };
    await Promise.all([1, 2, 3, 4, 5].map(act));
  }
});
