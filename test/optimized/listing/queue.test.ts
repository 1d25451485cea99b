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

  test('that are long run one after the other, also behind one that fails', async () => {
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

  test('that would come too late are refused at once, with a word on what to ask instead', async () => {
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
});
