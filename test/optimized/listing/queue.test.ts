import { describe, expect, test } from 'bun:test';
import { openQueue } from '../../../src/optimized/listing/queue.ts';

const second = 1_000_000;

const advice = 'ask for count=estimated';

describe('answers', () => {
  test('that are short do not wait for long ones', async () => {
    const queue = openQueue(5_000);
    const { promise, resolve } = Promise.withResolvers<number>();
    const long = queue(second, advice, () => promise);
    expect(await queue(1_000, advice, async () => 1)).toBe(1);
    resolve(2);
    expect(await long).toBe(2);
  });

  test('that are long run one after the other, also after one that fails', async () => {
    const queue = openQueue(0);
    let running = 0;
    let most = 0;
    const one = async (fails: boolean) => {
      most = Math.max(most, ++running);
      await Bun.sleep(2);
      running -= 1;
      if (fails) throw new Error('gone');
    };
    const all = await Promise.allSettled(
      [false, true, false, false].map((fails) => queue(second, advice, () => one(fails))),
    );
    expect(most).toBe(1);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  test('that would come too late are refused at once, with a hint at what to request instead', async () => {
    const queue = openQueue(5_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = [1, 2, 3, 4, 5].map(() => queue(second, advice, () => promise));
    const refused = queue(second, advice, async () => {});
    await expect(refused).rejects.toMatchObject({
      status: 503,
      detail: expect.stringContaining('count=estimated'),
    });
    await expect(queue(6 * second, advice, async () => {})).rejects.toMatchObject({ status: 503 });
    resolve();
    await Promise.all(first);
    expect(await queue(second, advice, async () => 'again')).toBe('again');
  });

  test('that would come too late are detected before anything is read for them', async () => {
    const queue = openQueue(5_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = queue(3 * second, advice, () => promise);
    await queue.assertRoom(2 * second, advice);
    await queue.assertRoom(1_000, advice);
    await expect(queue.assertRoom(3 * second, advice)).rejects.toMatchObject({ status: 503 });
    resolve();
    await first;
    await queue.assertRoom(3 * second, advice);
  });

  test('that are refused are delayed, so that eight clients that retry at once leave time for others', async () => {
    const queue = openQueue(5_000);
    const until = performance.now() + 500;
    let refused = 0;
    const hammer = async () => {
      for (; performance.now() < until; refused++)
        await expect(queue(6 * second, advice, async () => {})).rejects.toMatchObject({ status: 503 });
    };
    await Promise.all(Array.from({ length: 8 }, hammer));
    expect(refused).toBeGreaterThan(8);
    expect(refused).toBeLessThanOrEqual(8 * 11);
  });

  test('that are short are given right after another answer was refused', async () => {
    const queue = openQueue(5_000);
    await expect(queue(6 * second, advice, async () => {})).rejects.toMatchObject({ status: 503 });
    await queue.assertRoom(1_000, advice);
    expect(await queue(1_000, advice, async () => 'given')).toBe('given');
  });

  test('that are shorter go before longer ones that came shortly before, but not before those that came long before', async () => {
    const queue = openQueue(0);
    const done: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const ask = (name: string, cost: number) => queue(cost, advice, async () => void done.push(name));
    const all = [queue(second, advice, () => promise)];
    all.push(ask('long', 60_000), ask('short', 20_000), ask('next short', 20_000));
    // Longer than twice the difference in cost to the long one.
    await Bun.sleep(150);
    all.push(ask('late', 20_000));
    resolve();
    await Promise.all(all);
    expect(done).toEqual(['short', 'next short', 'long', 'late']);
  });

  test('are given in time if longer ones fill the queue behind them', async () => {
    const queue = openQueue(5_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    const all = [1, 2, 3, 4, 5].map(() => queue(second, advice, () => promise));
    const soon = queue(100_000, advice, async () => 'soon');
    await expect(queue(second, advice, async () => {})).rejects.toMatchObject({ status: 503 });
    resolve();
    expect(await soon).toBe('soon');
    await Promise.all(all);
  });

  test('that can no longer end in time when their turn comes are refused then, and do not run', async () => {
    const queue = openQueue(1_000);
    const first = queue(second / 5, advice, () => Bun.sleep(900));
    let ran = false;
    const late = queue(second / 2, advice, async () => {
      ran = true;
    });
    await expect(late).rejects.toMatchObject({
      status: 503,
      detail: expect.stringContaining('count=estimated'),
    });
    await first;
    expect(ran).toBe(false);
    expect(await queue(second / 5, advice, async () => 'again')).toBe('again');
  });

  test('that take more than half a second are refused while other requests wait for a connection', async () => {
    let isBusy = false;
    const queue = openQueue(5_000, { wait: () => isBusy, crowd: () => false });
    const ask = (cost: number) => queue(cost, advice, async () => 'given');
    expect(await ask(second)).toBe('given');
    isBusy = true;
    await expect(ask(second)).rejects.toMatchObject({ status: 503 });
    expect(await ask(second / 4)).toBe('given');
    isBusy = false;
    expect(await ask(second)).toBe('given');
  });

  test('that are not brief are refused while many requests wait for a connection', async () => {
    let isCrowded = false;
    const queue = openQueue(5_000, { wait: () => isCrowded, crowd: () => isCrowded });
    const ask = (cost: number) => queue(cost, advice, async () => 'given');
    expect(await ask(5_000)).toBe('given');
    isCrowded = true;
    await expect(ask(5_000)).rejects.toMatchObject({ status: 503 });
    await expect(queue.assertRoom(5_000, advice)).rejects.toMatchObject({ status: 503 });
    expect(await ask(1_000)).toBe('given');
    await queue.assertRoom(1_000, advice);
  });

  test('that took longer than expected let fewer others wait for a while', async () => {
    const queue = openQueue(500);
    const ask = (ms: number) => queue(25_000, advice, () => Bun.sleep(ms));
    let refusedAtOnce = 0;
    const given = async (count: number, ms: number) => {
      const asked = performance.now();
      const one = () =>
        ask(ms).catch((error) => {
          if (performance.now() - asked < 250) refusedAtOnce += 1;
          throw error;
        });
      const all = await Promise.allSettled(Array.from({ length: count }, one));
      return all.filter(({ status }) => status === 'fulfilled').length;
    };
    expect(await given(20, 10)).toBe(20);
    for (let i = 0; i < 20; i++) await ask(100);
    const slow = await given(20, 100);
    expect(slow).toBeGreaterThanOrEqual(4);
    expect(slow).toBeLessThanOrEqual(6);
    expect(refusedAtOnce).toBeGreaterThanOrEqual(14);
    await Bun.sleep(3_100);
    expect(await given(20, 10)).toBe(20);
  }, 20_000);
});
