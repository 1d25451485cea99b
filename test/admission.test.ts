import { describe, expect, test } from 'bun:test';
import { openAdmission } from '../src/server/admission.ts';

/** A work that goes on until `end`. */
function work() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { run: () => promise, end: resolve };
}

const fresh = { begun: false };

describe('admission', () => {
  test('lets so many go on at once, the others in the order they came, those that have begun first', async () => {
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

  test('refuses at once what would wait too long, but not what has begun', async () => {
    const { admit, full, refused } = openAdmission(1, 1_000);
    const five = () => admit(() => Bun.sleep(5), fresh);
    // Each takes 5 ms, or a few more on a busy machine: a hundred of them, or fewer, are half of the limit.
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

  test('refuses what has waited too long, where nothing goes on', async () => {
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

  test('refuses new work where the process is too busy to come round, but not where nothing else is under way', async () => {
    const { admit, full } = openAdmission(2, 100);
    const hold = () => {
      for (const until = performance.now() + 80; performance.now() < until; );
    };
    await Bun.sleep(20);
    hold();
    expect(full()).toBe(false);
    const one = work();
    const first = admit(one.run, fresh);
    await expect(admit(async () => {}, fresh)).rejects.toMatchObject({ status: 503 });
    await Bun.sleep(20);
    expect(full()).toBe(false);
    one.end();
    await first;
  });

  test('lets what no client waits for leave, and keeps the turns of the others', async () => {
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

  test('holds no more than a thousand', async () => {
    const { admit, waiting } = openAdmission(1, 60_000);
    const first = work();
    const all = Array.from({ length: 1_500 }, () => admit(first.run, fresh));
    expect(waiting()).toBe(1_000);
    first.end();
    const results = await Promise.allSettled(all);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(499);
  });
});
