import { describe, expect, test } from 'bun:test';
import { fillLimits, type ShapesRun } from '../../../bench/shapes/document.ts';
import { latency } from '../report/results.ts';

describe('the document of limits', () => {
  const shape = (name: string, holds: boolean, p50: number) =>
    ({
      ...{ name, holds, latency: latency(p50), failures: holds ? 0 : 2 },
      slowest: [{ ms: p50 * 4, path: '/api/v1/customers?search=a%7Cb%0D%0A%C3%A9%60' }],
    }) as ShapesRun['shapes'][number];
  const run: ShapesRun = {
    ...{
      started: '2026-11-23T22:10:00.000Z',
      commit: { id: '0123456789abcdef' },
      customers: 3_000_000,
      data: 'default',
    },
    ...{ machine: { cpu: 'Some CPU', cores: 2 }, settings: { users: 8 } },
    shapes: [
      shape('sort: points', true, 0.5),
      shape('sort: city', true, 1),
      shape('search: words', false, 20),
    ],
    checks: [{ name: 'start', found: '290 ms', goal: '≤ 300 ms', holds: true, figures: {} }],
  };

  test('has a row for each kind of shape, and for each shape that misses its goal', () => {
    const text = fillLimits('before <!-- figures -->of last year<!-- /figures --> after', [run]);
    expect(text).toStartWith('before <!-- figures -->');
    expect(text).toEndWith('<!-- /figures --> after');
    expect(text).not.toContain('of last year');
    expect(text).toContain('## 3,000,000 default customers');
    expect(text).toContain('2 of 3 shapes hold their goal');
    expect(text).toContain('| each sort, both directions | 2 of 2 | 0.500 to 1.00 ms | 3.00 ms | city |');
    expect(text).toContain('| start | 290 ms | ≤ 300 ms | yes |');
    expect(text).toContain(
      '| search: words | p50 20.0, p99 60.0 ms, 2 failed | not recorded | `search=a\\|b%0D%0Aé%60` 80.0 ms |',
    );
    const shapes = run.shapes.map((one) => ({ ...one, accessPaths: { walk: 1, 'walk+collect': 2 } }));
    expect(fillLimits('<!-- figures --><!-- /figures -->', [{ ...run, shapes }])).toContain(
      '2 failed | walk+collect, walk |',
    );
  });

  test('is not written if it has no marked place for figures', () => {
    expect(() => fillLimits('nothing', [run])).toThrow('no markers');
  });
});
