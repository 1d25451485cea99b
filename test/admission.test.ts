import { edenGC, heapStats } from 'bun:jsc';
import { describe, expect, test } from 'bun:test';
import { busy, held, openAdmission } from '../src/server/admission.ts';

/** Work that runs until `end` is called. */
function work() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { run: () => promise, end: resolve };
}

const fresh = { begun: false };

/** Blocks the event loop for 80 ms. */
const block = () => {
  for (const until = performance.now() + 80; performance.now() < until; );
};

describe('admission', () => {
  test('runs as much work at once as there are slots, then begun work first, then the rest in order of arrival', async () => {
    const { admit, waiting } = openAdmission(2, 1_000);
    const works = [0, 1, 2, 3, 4].map(work);
    const order: number[] = [];
    const all = works.map((one, n) =>
      admit(
        () => {
          order.push(n);
          return one.run();
        },
        { begun: n === 4 },
      ),
    );
    expect([order, waiting()]).toEqual([[0, 1], 3]);
    for (const one of works) {
      one.end();
      await Bun.sleep(1);
    }
    await Promise.all(all);
    expect([order, waiting()]).toEqual([[0, 1, 4, 2, 3], 0]);
  });

  test('refuses new work at once if it would wait too long, but not begun work', async () => {
    const { admit, full, refused } = openAdmission(1, 1_000);
    const five = () => admit(() => Bun.sleep(5), fresh);
    // Each takes 5 ms, or slightly more on a busy machine. So at most 100 of them fit into half of the limit.
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 9 }, five));
    const all = Array.from({ length: 300 }, five);
    expect(full()).toBeTrue();
    const begun = admit(async () => 'done', { begun: true });
    const results = await Promise.allSettled(all);
    const failed = results.filter(({ status }) => status === 'rejected');
    expect(failed.length).toBeWithin(180, 290);
    expect(failed[0]).toMatchObject({ reason: { status: 503 } });
    expect([await begun, refused()]).toEqual(['done', failed.length]);
    expect([full(), await admit(async () => 'again', fresh)]).toEqual([false, 'again']);
  });

  test('is crowded at half of the wait at which it is full', async () => {
    const { admit, crowded, full } = openAdmission(1, 1_000);
    const first = work();
    const all = [admit(first.run, fresh)];
    const join = (count: number) => {
      for (let i = 0; i < count; i++) all.push(admit(async () => {}, fresh));
      return [crowded(), full()];
    };
    // 5 ms are assumed for each until measured.
    expect(join(45)).toEqual([false, false]);
    expect(join(10)).toEqual([true, false]);
    expect(join(46)).toEqual([true, true]);
    first.end();
    await Promise.all(all);
    expect([crowded(), full()]).toEqual([false, false]);
  });

  test('holds the first refusals, so that clients that retry at once leave time for others', async () => {
    const { refuse, refused } = openAdmission(1, 1_000);
    const began = performance.now();
    const all = Array.from({ length: 150 }, refuse);
    expect(refused()).toBe(150);
    expect(all.filter((refusal) => refusal === busy)).toHaveLength(50);
    expect(await Promise.all(all)).toEqual(Array(150).fill(busy));
    expect(performance.now() - began).toBeWithin(held - 5, held + 500);
    expect(refuse()).toBeInstanceOf(Promise);
  });

  test('refuses queued work that has waited too long if the running work hangs', async () => {
    const { admit, waiting } = openAdmission(1, 50);
    const hung = work();
    const first = admit(hung.run, fresh);
    const began = performance.now();
    await expect(admit(async () => {}, fresh)).rejects.toMatchObject({ status: 503 });
    expect(performance.now() - began).toBeWithin(40, 500);
    expect(waiting()).toBe(0);
    hung.end();
    await first;
    expect(await admit(async () => 'again', fresh)).toBe('again');
  });

  test('refuses new work if the event loop is blocked repeatedly, but not if no other work is running', async () => {
    const { admit, full } = openAdmission(2, 100);
    // The time of the next tick, which comes late.
    const tick = () => Bun.sleep(1);
    await Bun.sleep(20);
    block();
    expect(full()).toBe(false);
    await tick();
    block();
    expect(full()).toBe(false);
    const one = work();
    const first = admit(one.run, fresh);
    await expect(admit(async () => {}, fresh)).rejects.toMatchObject({ status: 503 });
    await Bun.sleep(20);
    expect(full()).toBe(false);
    one.end();
    await first;
  });

  test('admits new work after a single task that blocked the event loop, while other work is running', async () => {
    const { admit, full } = openAdmission(2, 100);
    const one = work();
    const first = admit(one.run, fresh);
    await Bun.sleep(20);
    block();
    expect(full()).toBe(false);
    expect(await admit(async () => 'admitted', fresh)).toBe('admitted');
    one.end();
    await first;
  });

  test('drops queued work whose client is gone, and keeps the order of the rest', async () => {
    const { admit, waiting } = openAdmission(1, 1_000);
    const first = work();
    const running = admit(first.run, fresh);
    const client = new AbortController();
    const left = admit(async () => 'left', { begun: false, signal: client.signal });
    const stays = admit(async () => 'stays', fresh);
    client.abort();
    await expect(left).rejects.toMatchObject({ status: 499 });
    expect(waiting()).toBe(1);
    first.end();
    await running;
    expect(await stays).toBe('stays');
  });

  test('lets the garbage collector free queued work soon after its end', async () => {
    const { admit } = openAdmission(1, 10_000);
    // Large enough for a collection of the young objects every few dozen.
    const one = async () => {
      const used = Array.from({ length: 400 }, (_, i) => ({ i }));
      await admit(async () => void used.reverse(), fresh);
    };
    const before = heapStats().objectTypeCounts.Timeout ?? 0;
    const users = Array.from({ length: 8 }, async () => {
      for (let n = 0; n < 1_000; n++) await one();
    });
    await Promise.all(users);
    edenGC();
    // Each queued work has one. About 150 of 8 000 are left, those in the queue during a collection; with a Set as the queue some 3 000 are.
    expect((heapStats().objectTypeCounts.Timeout ?? 0) - before).toBeLessThan(600);
  });

  test('queues no more than a thousand', async () => {
    const { admit, waiting } = openAdmission(1, 60_000);
    const first = work();
    const all = Array.from({ length: 1_500 }, () => admit(first.run, fresh));
    expect(waiting()).toBe(1_000);
    first.end();
    const results = await Promise.allSettled(all);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(499);
  });
});
