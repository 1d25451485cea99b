import { describe, expect, test } from 'bun:test';
import { type Comparison, ratioOf, type Turn } from '../../../bench/pages/ratios.ts';

describe('a ratio', () => {
  const turn = (contestant: string, round: number, rate: number): Turn => ({
    ...{ contestant, round, rate, p50: 1 / rate, p99: 1 / rate, cpu: null, database: null, client: 1 },
  });
  const turns = [
    ...[turn('ours', 1, 50), turn('other', 1, 100)],
    ...[turn('other', 2, 10), turn('ours', 2, 6)],
    ...[turn('ours', 3, 90), turn('other', 3, 100)],
  ];
  const comparison: Comparison = { question: '', ours: 'ours', other: 'other', figure: 'rate' };

  test('is taken within each round, and its median is judged', () => {
    expect(ratioOf({ ...comparison, atLeast: 0.6 }, turns)).toMatchObject({
      ...{ ratio: 0.6, rounds: [0.5, 0.6, 0.9], holds: true },
    });
    expect(ratioOf({ ...comparison, atLeast: 0.61 }, turns).holds).toBe(false);
    expect(ratioOf({ ...comparison, figure: 'p50', atMost: 1.6 }, turns).holds).toBe(false);
    expect(ratioOf(comparison, turns.slice(0, 4)).ratio).toBeCloseTo(0.55, 9);
  });

  test('has no verdict without a goal, or without the other contestant', () => {
    expect(ratioOf(comparison, turns).holds).toBeNull();
    const missing = { ...comparison, other: 'Go', atLeast: 1 };
    expect(ratioOf(missing, turns)).toMatchObject({ ratio: null, holds: null });
    expect(ratioOf({ ...comparison, figure: 'cpu', atMost: 1 }, turns).ratio).toBeNull();
  });
});
