import { describe, expect, test } from 'bun:test';
import type { Swept } from '../../../bench/sweep/print.ts';
import { seeded } from '../../cluster.ts';
import { run } from '../command.ts';

describe('sweep', () => {
  test('measures both servers at every size', async () => {
    const copies = await seeded(10);
    const asked = ['--customers', '400,200', '--only', 'sort: points', '--requests', '8', '--rounds', '2'];
    const { out, figures } = await run<{ shapes: Swept[] }>(copies.optimized, [
      'bench/sweep/main.ts',
      ...asked,
    ]);
    await Promise.all([copies.naive.drop(), copies.optimized.drop()]);
    expect(figures.shapes.map(({ name }) => name)).toEqual([
      ...['sort: points, ascending', 'sort: points, descending'],
    ]);
    for (const { optimized, naive, growth } of figures.shapes) {
      expect([optimized, naive].map((points) => points.map(({ customers }) => customers))).toEqual([
        ...[
          [200, 400],
          [200, 400],
        ],
      ]);
      expect(growth.times).toBe(optimized[1]!.p95! / optimized[0]!.p95!);
    }
    expect(out).toMatch(/of 2 shapes hold/);
  }, 120_000);
});
