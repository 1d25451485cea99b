import { describe, expect, test } from 'bun:test';
import { climb } from '../../../bench/capacity/climb.ts';

describe('a climb to the greatest rate', () => {
  const asked: number[] = [];
  const upTo = (limit: number) => async (rate: number) => {
    asked.push(rate);
    return rate <= limit;
  };
  const plan = { start: 16, least: 0.25, steps: 20 };

  test.each([
    [300, 250, 300],
    [16, 16, 19],
    [5.5, 4, 5.5],
    [0.3, 0.25, 0.3],
  ])('finds a limit of %d within a fifth', async (limit, low, high) => {
    const found = await climb(plan, upTo(limit));
    expect(found).toBeGreaterThanOrEqual(low);
    expect(found).toBeLessThanOrEqual(high);
  });

  test('finds 0 after a few tries if no rate holds', async () => {
    asked.length = 0;
    expect(await climb(plan, upTo(0))).toBe(0);
    expect(asked).toEqual([16, 8, 4, 2, 1, 0.5, 0.25]);
  });

  test('does not narrow the result further than the least rate', async () => {
    asked.length = 0;
    expect(await climb(plan, upTo(0.3))).toBe(0.25);
    expect(asked).toEqual([16, 8, 4, 2, 1, 0.5, 0.25]);
  });

  test('ends after the maximum number of steps with the last rate that held', async () => {
    asked.length = 0;
    expect(await climb({ ...plan, steps: 3 }, upTo(1e9))).toBe(64);
    expect(asked).toHaveLength(3);
  });
});
