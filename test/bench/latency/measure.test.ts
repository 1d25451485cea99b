import { describe, expect, test } from 'bun:test';
import { limited } from '../../../bench/latency/main.ts';
import { latency } from '../../../bench/latency/measure.ts';

const hundred = latency(Array.from({ length: 100 }, (_, index) => 100 - index));

describe('percentiles', () => {
  test('are the smallest sample with at least that share of samples at or below it', () => {
    expect(hundred).toMatchObject({ count: 100, min: 1, p50: 50, p95: 95, p99: 99, max: 100, mean: 50.5 });
    expect(latency([7])).toMatchObject({ min: 7, p50: 7, p95: 7, p99: 7, max: 7 });
    expect(latency([1, 1, 1, 1_000])).toMatchObject({ p50: 1, p95: 1_000 });
  });
});

describe('a limit', () => {
  test('turns a latency with a call that fails after it into a lower bound without a histogram', async () => {
    const { call: around, told } = limited(20);
    const slow = around(async () => {
      await Bun.sleep(25);
      throw new Error('503');
    });
    await slow();
    await around(async () => {})();
    const { histogram, ...bounds } = hundred;
    expect(told(hundred)).toEqual({ latency: bounds, cutOff: 1 });
    expect(limited(20).told(hundred)).toEqual({ latency: hundred });
  });

  test('hides no other error', async () => {
    const fault = limited(1_000).call(() => Promise.reject(new Error('500')));
    await expect(fault()).rejects.toThrow('500');
  });
});
