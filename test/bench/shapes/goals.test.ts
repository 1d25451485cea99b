import { describe, expect, test } from 'bun:test';
import { latency } from '../../../bench/latency/measure.ts';
import { goalOn, joined, simple, verdict } from '../../../bench/shapes/goals.ts';

const hundred = latency(Array.from({ length: 100 }, (_, index) => 100 - index));

describe('a goal', () => {
  test('holds up to its limit, and not beyond', () => {
    expect(verdict({ p50: 50, p99: 99, max: 100 }, hundred, 0)).toEqual({ holds: true, missed: [] });
    expect(verdict({ p50: 49.99 }, hundred, 0).holds).toBe(false);
    expect(verdict({ p50: 50, p99: 98 }, hundred, 0).missed).toEqual(['p99 99.00 > 98']);
    expect(verdict({ max: 99 }, hundred, 0).holds).toBe(false);
  });

  test('does not hold if a request failed, or none was answered', () => {
    expect(verdict({ p50: 50 }, hundred, 1).missed).toEqual(['1 failed']);
    expect(verdict({}, null, 0).holds).toBe(false);
  });

  test('is stricter for simple requests on the default customers than on others', () => {
    expect(goalOn('default', simple)).toBe(simple);
    expect(goalOn('diverse', simple)).toBe(joined);
    expect(goalOn('default', joined)).toBe(joined);
  });
});
