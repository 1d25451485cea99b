import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Check } from '../../../bench/shapes/checks/check.ts';
import type { MeasuredShape } from '../../../bench/shapes/measured.ts';
import type { Explained } from '../../../bench/shapes/slowest.ts';
import { checksum } from '../../../src/seed/index.ts';
import { type Copy, seeded, within } from '../../cluster.ts';
import { run } from '../command.ts';

// Tests the measurement itself at a small size: a few hundred customers, few requests, real processes.

let copies: Record<'naive' | 'optimized', Copy>;

beforeAll(async () => {
  copies = await seeded(600);
}, 60_000);
afterAll(async () => {
  await Promise.all([copies?.naive.drop(), copies?.optimized.drop()]);
}, 30_000);

interface Figures {
  shapes: MeasuredShape[];
  checks: Check[];
  slowest: Explained[];
}

const shapes = (...args: string[]) =>
  run<Figures>(copies.optimized, ['bench/main.ts', 'shapes', '--database', copies.optimized.db, ...args]);

describe('bench shapes', () => {
  test('measures the selected shapes, and explains the slowest request', async () => {
    const { code, out, figures } = await shapes(
      '--only',
      'city',
      '--requests',
      '12',
      '--users',
      '3',
      '--plans',
      '1',
    );
    const { shapes: measured, slowest } = figures;
    const groups = new Set(measured.map(({ name }) => name.split(':')[0]!));
    expect([...groups]).toEqual(
      expect.arrayContaining(['sort', 'filter', 'filter, other sort', 'hard', 'deep']),
    );
    for (const { name, latency, failed } of measured) {
      expect({ name, failed, count: latency?.count }).toEqual({ name, failed: [], count: 12 });
      expect(out).toContain(name.slice(0, 60));
    }
    expect(slowest[0]!.ms).toBe(Math.max(...measured.map(({ latency }) => latency!.max)));
    expect(slowest[0]!.plans[0]!.lines.at(-1)).toMatch(/^Execution Time: [\d.]+ ms$/);
    expect(code).toBe(measured.every(({ holds }) => holds) ? 0 : 1);
  }, 120_000);

  test('creates customers on both servers, and leaves no trace of them', async () => {
    const sums = () =>
      Promise.all([copies.naive, copies.optimized].map(({ name }) => within(name, checksum)));
    const before = await sums();
    const { checks } = (await shapes('--only', 'writes', '--load', '1')).figures;
    const { optimized, naive } = checks[0]!.figures as Record<string, { rate: number; failures: unknown[] }>;
    expect([optimized!.failures, naive!.failures]).toEqual([[], []]);
    expect(Math.min(optimized!.rate, naive!.rate)).toBeGreaterThan(0);
    expect(await sums()).toEqual(before);
  }, 120_000);
});
