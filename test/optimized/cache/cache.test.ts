import { edenGC, heapStats } from 'bun:jsc';
import { describe, expect, setDefaultTimeout, setSystemTime, test } from 'bun:test';
import { random } from '../../../bench/generate/random.ts';
import { type CacheParts, createCache, type Reading } from '../../../src/optimized/cache/cache.ts';
import { createLog } from '../../../src/optimized/cache/log.ts';
import { readSnapshot } from '../../../src/optimized/cache/snapshot.ts';
import { fakeDatabase } from './fake-database.ts';
import { fakeRedis } from './fake-redis.ts';
import { changesIn, parts, written } from './row.ts';

setDefaultTimeout(60_000);

const follower = { alive: () => true, epoch: () => 'epoch' };

/** A cache with a complete log of changes, which is empty so far. */
function open(options: Partial<CacheParts> = {}) {
  const log = createLog();
  log.forget(readSnapshot('1:1:'));
  return createCache({ ...parts, mode: 'full', log, follower, remote: null, timeout: 300, ...options });
}
const about = { kind: 'row', id: 1 } as const;
const reading = (text: string, snapshot = '10:10:') => ({ text, snapshot, about });
const loaded = (text: string, snapshot?: string) => async () => reading(text, snapshot);
/** A change of the customer that all texts here are about, by transaction 10, the next one after the snapshots. */
const change = (xid = 10, id = xid) => JSON.stringify([[id, xid, [written(1), written(1)]]]);
const elsewhere = JSON.stringify([[10, 10, [written(2), written(2)]]]);

/** A load that ends on `release`, with the number of times that it was begun. */
function held(text: string, snapshot?: string) {
  const { promise, resolve } = Promise.withResolvers<ReturnType<typeof reading>>();
  const load = () => {
    load.begun += 1;
    return promise;
  };
  load.begun = 0;
  return { load, release: () => resolve(reading(text, snapshot)) };
}
const never = () => Promise.reject(new Error('loaded again'));
const soon = () => Bun.sleep(1);

describe('a cache', () => {
  test('loads once, and then answers from memory', async () => {
    const cache = open();
    expect(await cache.get('key', loaded('text'))).toEqual({ text: 'text', from: 'origin' });
    expect(await cache.get('key', never)).toEqual({ text: 'text', from: 'local' });
    expect(await cache.get('other', loaded('x'))).toEqual({ text: 'x', from: 'origin' });
  });

  test('keeps an empty text as well', async () => {
    const cache = open();
    await cache.get('key', loaded(''));
    expect(await cache.get('key', never)).toEqual({ text: '', from: 'local' });
  });

  test('loads once for all concurrent requests', async () => {
    const cache = open();
    const { load, release } = held('text');
    const asked = Array.from({ length: 1000 }, () => cache.get('key', load));
    await soon();
    release();
    const answers = await Promise.all(asked);
    expect(load.begun).toBe(1);
    expect(answers.map(({ text }) => text)).toEqual(Array(1000).fill('text'));
    expect(answers.map(({ from }) => from)).toEqual([...Array(999).fill('joined'), 'origin'].reverse());
  });

  test('lets the garbage collector free texts soon after they were loaded, if it does not keep them', async () => {
    const cache = open({ mode: 'redis' });
    // Large enough for a collection of the young objects every few dozen.
    const load = async () => {
      const used = Array.from({ length: 400 }, (_, i) => ({ i }));
      await soon();
      return reading(`${used.length}`);
    };
    const before = heapStats().objectTypeCounts.AbortController ?? 0;
    const users = Array.from({ length: 32 }, async (_, user) => {
      for (let n = 0; n < 250; n++) await cache.get(`${user} ${n}`, load);
    });
    await Promise.all(users);
    edenGC();
    // Each load has one.
    expect((heapStats().objectTypeCounts.AbortController ?? 0) - before).toBeLessThan(1_000);
  });

  test('aborts a load when the last client that waited for it is gone', async () => {
    const cache = open();
    const clients = [1, 2].map(() => new AbortController());
    const { promise: told, resolve } = Promise.withResolvers<string>();
    const load = (unwanted?: AbortSignal) =>
      new Promise<Reading>((_, reject) =>
        unwanted!.addEventListener('abort', () => {
          resolve('unwanted');
          reject(new Error('unwanted'));
        }),
      );
    const asked = clients.map(({ signal }) => cache.get('key', load, signal));
    const [first, last] = clients;
    first!.abort();
    expect(await Promise.race([told, soon()])).not.toBe('unwanted');
    last!.abort();
    expect(await told).toBe('unwanted');
    // A later request gets an answer.
    expect(await cache.get('key', loaded('anew'))).toEqual({ text: 'anew', from: 'origin' });
    for (const answer of await Promise.allSettled(asked)) expect(answer.status).toBe('rejected');
  });

  test('keeps nothing of a failed load, which fails for all that waited', async () => {
    const cache = open();
    const asked = [1, 2, 3].map(() => cache.get('key', () => Promise.reject(new Error('down'))));
    for (const answer of await Promise.allSettled(asked)) expect(answer.status).toBe('rejected');
    expect(await cache.get('key', loaded('up'))).toEqual({ text: 'up', from: 'origin' });
  });

  test('drops the entries that a change concerns, and keeps the rest', async () => {
    const cache = open();
    await cache.get('key', loaded('old'));
    cache.changed(elsewhere);
    expect(await cache.get('key', never)).toEqual({ text: 'old', from: 'local' });
    cache.changed(change(11));
    expect(await cache.get('key', loaded('new', '12:12:'))).toEqual({ text: 'new', from: 'origin' });
    expect(await cache.get('key', never)).toEqual({ text: 'new', from: 'local' });
    expect(cache.tally.causes).toMatchObject({ here: 1, server: 0, database: 0 });
  });

  test('keeps an entry whose snapshot has seen the change, whenever the change is reported', async () => {
    const cache = open();
    await cache.get('key', loaded('new', '11:11:'));
    cache.changed(change(10));
    expect(await cache.get('key', never)).toEqual({ text: 'new', from: 'local' });
  });

  test('drops an entry that was read while the changing transaction was in progress', async () => {
    const cache = open();
    await cache.get('key', loaded('old', '10:15:10,12'));
    cache.changed(change(12));
    expect((await cache.get('key', loaded('new', '15:15:'))).text).toBe('new');
  });

  test('never reuses an entry that was loaded across a change', async () => {
    const redis = fakeRedis();
    const cache = open({ remote: redis.connect() });
    const old = held('old');
    const before = cache.get('key', old.load);
    await soon();
    cache.changed(change());
    old.release();
    expect((await before).text).toBe('old');
    await soon();
    expect(await cache.get('key', loaded('new', '11:11:'))).toEqual({ text: 'new', from: 'origin' });
    await cache.get('key', never);
    await soon();
    const other = open({ remote: redis.connect() });
    other.changed(change());
    expect(await other.get('key', never)).toEqual({ text: 'new', from: 'redis' });
  });

  test('lets no request after a change join a load that was begun before it', async () => {
    const cache = open();
    const [old, fresh] = [held('old'), held('new', '11:11:')];
    const before = cache.get('key', old.load);
    cache.changed(change());
    const after = cache.get('key', fresh.load);
    const joined = cache.get('key', never);
    old.release();
    expect((await before).text).toBe('old');
    await soon();
    fresh.release();
    expect(await after).toEqual({ text: 'new', from: 'origin' });
    expect(await joined).toEqual({ text: 'new', from: 'joined' });
    expect(await cache.get('key', never)).toEqual({ text: 'new', from: 'local' });
  });

  test('uses no entry while the changes are unknown, and continues afterwards', async () => {
    const state = { alive: true };
    const redis = fakeRedis();
    const cache = open({
      follower: { alive: () => state.alive, epoch: () => 'epoch' },
      remote: redis.connect(),
    });
    await cache.get('key', loaded('old'));
    state.alive = false;
    expect(await cache.get('key', loaded('new'))).toEqual({ text: 'new', from: 'origin' });
    expect(await cache.get('key', loaded('newer'))).toEqual({ text: 'newer', from: 'origin' });
    state.alive = true;
    expect(await cache.get('key', never)).toEqual({ text: 'old', from: 'local' });
  });

  test('forgets everything if changes may have been missed', async () => {
    const [log, redis] = [createLog(), fakeRedis()];
    log.forget(readSnapshot('1:1:'));
    const cache = open({ log, remote: redis.connect() });
    await cache.get('key', loaded('old'));
    await cache.get('key', never);
    await soon();
    log.forget(readSnapshot('20:20:'));
    expect(await cache.get('key', loaded('new', '20:20:'))).toEqual({ text: 'new', from: 'origin' });
    expect(await cache.get('key', never)).toEqual({ text: 'new', from: 'local' });
    expect(cache.tally.causes.lost).toBe(2);
  });

  test('refreshes an entry shortly before it expires', async () => {
    const cache = open({ timeout: 1 });
    await cache.get('key', loaded('one'));
    const sources: string[] = [];
    for (const began = performance.now(); performance.now() - began < 1300; ) {
      sources.push((await cache.get('key', loaded('another'))).from);
      await Bun.sleep(5);
    }
    expect(new Set(sources)).toEqual(new Set(['local']));
    expect((await cache.get('key', never)).text).toBe('another');
    await Bun.sleep(1_150);
    expect(await cache.get('key', loaded('two'))).toEqual({ text: 'two', from: 'origin' });
  });

  test('gives entries of the same time different expiry times', async () => {
    const redis = fakeRedis();
    const cache = open({ remote: redis.connect(), timeout: 100 });
    // The clock stands still, so the remaining time of an entry is all of its time.
    setSystemTime(new Date());
    try {
      for (let i = 0; i < 400; i++) await cache.get(`key ${i >> 1}`, loaded('text'));
    } finally {
      setSystemTime();
    }
    expect(redis.seconds).toHaveLength(200);
    expect(Math.min(...redis.seconds)).toBeWithin(90, 92);
    expect(Math.max(...redis.seconds)).toBeWithin(108, 110.0001);
  });

  test('finds a text by its names as long as it is valid', async () => {
    const cache = open();
    await cache.get('key', loaded('text'));
    const form = { bytes: Buffer.from('TEXT'), etag: 'x' };
    cache.name('http://a/', 'key', form);
    cache.name('http://b/', 'other', form);
    expect(cache.named('http://a/')).toBe(form);
    expect(cache.named('http://b/')).toBeNull();
    cache.changed(elsewhere);
    expect(cache.named('http://a/')).not.toBeNull();
    cache.changed(change(11));
    expect(cache.named('http://a/')).toBeNull();
    await cache.get('key', loaded('new', '12:12:'));
    expect(cache.named('http://a/')).toBeNull();
  });

  test('that is off loads each time', async () => {
    const redis = fakeRedis();
    const cache = open({ mode: 'off', remote: redis.connect() });
    await cache.get('key', loaded('one'));
    expect(await cache.get('key', loaded('two'))).toEqual({ text: 'two', from: 'off' });
    cache.changed(change());
    expect(redis).toMatchObject({ reads: 0, writes: 0 });
  });
});

describe('the local layer', () => {
  test('stays within its limit of bytes, names included', async () => {
    const cache = open({ maxBytes: 50_000 });
    for (let i = 0; i < 200; i++) {
      for (const _ of [1, 2]) await cache.get(`key ${i}`, loaded('x'.repeat(500)));
      for (const host of 'abcdefgh')
        cache.name(`${host} ${i}`, `key ${i}`, { bytes: Buffer.alloc(300), etag: '' });
      expect(cache.entries().bytes).toBeLessThanOrEqual(50_000);
    }
    expect(cache.entries().count).toBeGreaterThan(5);
    expect((await cache.get('key 199', never)).from).toBe('local');
    expect((await cache.get('key 0', loaded('again'))).from).toBe('origin');
    expect((await cache.get('huge', loaded('x'.repeat(60_000)))).text).toHaveLength(60_000);
    expect(cache.entries().bytes).toBeLessThanOrEqual(50_000);
  });

  test('keeps popular entries despite many requests that are not repeated', async () => {
    const cache = open({ maxBytes: 100_000 });
    const popular = Array.from({ length: 50 }, (_, i) => `popular ${i}`);
    for (const key of popular) await cache.get(key, loaded('x'.repeat(500)));
    for (let i = 0; i < 5_000; i++) await cache.get(`hostile ${i}`, loaded('x'.repeat(500)));
    for (const key of popular) expect((await cache.get(key, never)).from).toBe('local');
    // A repeated request is admitted, and replaces the least recently used entry.
    for (const _ of [1, 2]) await cache.get('newly popular', loaded('x'));
    expect((await cache.get('newly popular', never)).from).toBe('local');
  });
});

describe('with Redis, a cache', () => {
  test('finds an entry that another process has loaded, and uses it no longer than that process', async () => {
    const redis = fakeRedis();
    const one = open({ remote: redis.connect(), timeout: 2 });
    await one.get('key', loaded('text'));
    await soon();
    expect(redis.writes).toBe(0); // it may never be requested again
    await one.get('key', never);
    await soon();
    const other = open({ remote: redis.connect(), timeout: 300 });
    expect(await other.get('key', never)).toEqual({ text: 'text', from: 'redis' });
    expect(await other.get('key', never)).toEqual({ text: 'text', from: 'local' });
    await Bun.sleep(2_250);
    expect(await other.get('key', loaded('new'))).toEqual({ text: 'new', from: 'origin' });
  });

  test('in mode redis keeps nothing in its own memory', async () => {
    const cache = open({ mode: 'redis', remote: fakeRedis().connect() });
    await cache.get('key', loaded('text'));
    await soon();
    expect(await cache.get('key', never)).toEqual({ text: 'text', from: 'redis' });
    expect(cache.entries().count).toBe(0);
  });

  test('drops the entries that a change of another process concerns', async () => {
    const redis = fakeRedis();
    const [one, other] = [open({ remote: redis.connect() }), open({ remote: redis.connect() })];
    await one.get('key', loaded('old'));
    await one.get('key', never);
    await soon();
    await other.get('key', never);
    one.changed(change());
    await soon();
    expect(await other.get('key', loaded('new', '11:11:'))).toEqual({ text: 'new', from: 'origin' });
    await soon();
    expect(await one.get('key', never)).toEqual({ text: 'new', from: 'redis' });
    expect(other.tally.causes).toMatchObject({ here: 0, server: 2 });
  });

  test('uses neither memory nor Redis while Redis is down or silent', async () => {
    const redis = fakeRedis();
    const cache = open({ remote: redis.connect() });
    await cache.get('key', loaded('old'));
    redis.down = true;
    expect(await cache.get('key', loaded('new'))).toEqual({ text: 'new', from: 'origin' });
    expect(await cache.get('key', loaded('newer'))).toEqual({ text: 'newer', from: 'origin' });
  });

  test('finds no entry of an epoch in which transactions had other ids', async () => {
    const redis = fakeRedis();
    const cache = open({ remote: redis.connect() });
    await cache.get('key', loaded('old'));
    await cache.get('key', never);
    await soon();
    const later = open({ remote: redis.connect(), follower: { alive: () => true, epoch: () => 'another' } });
    expect((await later.get('key', loaded('new'))).text).toBe('new');
  });
});

test('no read is older than an acknowledged write, whatever happens at once', async () => {
  let reads = 0;
  const sources = { local: 0, redis: 0, joined: 0, origin: 0, off: 0 };
  for (let seed = 1; seed <= 60; seed++) {
    const draw = random(seed);
    const pause = () => (draw.chance(0.3) ? Bun.sleep(draw.int(0, 2)) : Promise.resolve());
    const redis = fakeRedis(pause);
    const database = fakeDatabase();
    // Each server learns of each write at some time, in any order: from its follower, and maybe earlier by the channel.
    const servers = [1, 2, 3].map(() => {
      const log = createLog();
      log.forget(readSnapshot('1:1:'));
      return { log, least: 0, cache: open({ log, remote: redis.connect() }) };
    });
    const act = async () => {
      for (let i = 0; i < 40; i++) {
        const server = draw.pick(servers);
        if (draw.chance(0.25)) {
          const write = database.begin();
          await pause();
          if (draw.chance(0.2)) {
            write.rollBack();
            continue;
          }
          const changes = write.commit();
          const written = database.read().points;
          for (const { log } of servers)
            pause()
              .then(pause)
              .then(() => log.add(changesIn(changes), 'database'));
          await pause();
          server.cache.changed(changes);
          server.least = Math.max(server.least, written);
        } else {
          const { least } = server;
          const { text, from } = await server.cache.get(`key ${draw.int(1, 2)}`, async () => {
            await pause();
            const read = database.read();
            await pause();
            await pause();
            return read;
          });
          reads += 1;
          sources[from] += 1;
          expect([seed, Number(text)]).toEqual([seed, Math.max(Number(text), least)]);
        }
      }
    };
    await Promise.all([1, 2, 3, 4, 5].map(act));
  }
  expect(reads).toBeGreaterThan(5000);
  for (const from of ['local', 'redis', 'joined'] as const) expect(sources[from]).toBeGreaterThan(300);
});
