import { describe, expect, test } from 'bun:test';
import { countQueue } from '../../../src/optimized/listing/counts.ts';

const second = 1_000_000;

describe('exact counts', () => {
  test('that are short do not wait for long ones', async () => {
    const counted = countQueue(5_000);
    const { promise, resolve } = Promise.withResolvers<number>();
    const long = counted(second, () => promise);
    expect(await counted(1_000, async () => 1)).toBe(1);
    resolve(2);
    expect(await long).toBe(2);
  });

  test('that are long run one after the other, also behind one that fails', async () => {
    const counted = countQueue(0);
    let running = 0;
    let most = 0;
    const one = async (fails: boolean) => {
      most = Math.max(most, ++running);
      await Bun.sleep(2);
      running -= 1;
      if (fails) throw new Error('gone');
    };
    const all = await Promise.allSettled(
      [false, true, false, false].map((fails) => counted(second, () => one(fails))),
    );
    expect(most).toBe(1);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  test('that would come too late are refused at once, with a word on what to ask instead', async () => {
    const counted = countQueue(5_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = [1, 2, 3, 4, 5].map(() => counted(second, () => promise));
    const refused = counted(second, async () => {});
    await expect(refused).rejects.toMatchObject({
      status: 503,
      detail: expect.stringContaining('count=estimated'),
    });
    await expect(counted(6 * second, async () => {})).rejects.toMatchObject({ status: 503 });
    resolve();
    await Promise.all(first);
    expect(await counted(second, async () => 'again')).toBe('again');
  });
});
