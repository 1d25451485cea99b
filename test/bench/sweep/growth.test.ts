import { describe, expect, test } from 'bun:test';
import { fit, growthOf, type Point } from '../../../bench/sweep/growth.ts';

describe('growth', () => {
  const points = (...p95: (number | null)[]): Point[] =>
    p95.map((ms, index) => ({ customers: 30_000 * 10 ** index, p50: ms, p95: ms, cutOff: ms === null }));

  test('is the p95 of the largest size divided by that of the smallest, in whatever order they come', () => {
    expect(growthOf('list', points(2, 2.2, 2.6))).toMatchObject({ times: 1.3, holds: true });
    expect(growthOf('list', points(2, 2.2, 2.7)).holds).toBe(false);
    expect(growthOf('filter', points(2, 2.2, 2.7)).holds).toBe(true);
    expect(growthOf('filter', points(6.3, 4, 2).reverse()).times).toBeCloseTo(0.317, 3);
  });

  test('does not hold its goal if a size was cut off, and is unknown with one size', () => {
    expect(growthOf('list', points(2, 3, null))).toMatchObject({ times: null, holds: false });
    expect(growthOf('list', points(2))).toMatchObject({ times: null, exponent: null, holds: null });
  });

  test('has the exponent of the power law it follows', () => {
    const fitted = (...ms: (number | null)[]) =>
      fit(ms.map((value, index) => ({ customers: 30_000 * 10 ** index, ms: value })));
    expect(fitted(3, 3, 3)!.exponent).toBeCloseTo(0, 9);
    expect(fitted(3, 30, 300)!.exponent).toBeCloseTo(1, 9);
    expect(fitted(5, 5 * 10 ** 0.5, 50)!.exponent).toBeCloseTo(0.5, 9);
    // By hand: the points (0, 0), (1, 1), (2, 1) in powers of ten have the slope 1/2, and the line begins at 1/6.
    expect(fitted(1, 10, 10)!.exponent).toBeCloseTo(0.5, 9);
    expect(fitted(1, 10, 10)!.at(30_000)).toBeCloseTo(10 ** (1 / 6), 9);
    const gap = fitted(3, null, 300)!;
    expect([gap.exponent, gap.at(300_000)].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([1, 30]);
    expect(fitted(3)).toBeNull();
    expect(growthOf('list', points(3, 30, 300)).exponent).toBeCloseTo(1, 9);
  });
});
