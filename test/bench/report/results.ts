import type { Latency } from '../../../bench/latency/measure.ts';
import type { Contestant, Results } from '../../../bench/report/results.ts';

// The results of a small run, to build a report from.

export const latency = (p50: number): Latency => ({
  ...{ count: 10, min: p50 / 2, p50, mean: p50, p95: p50 * 2, p99: p50 * 3, max: p50 * 4 },
});
const p50s: Record<Contestant, number> = { naive: 400, optimized: 4, cached: 0.4 };
export const rounds = (kind: 'shape' | 'case', name: string) =>
  (Object.keys(p50s) as Contestant[]).flatMap((contestant) =>
    [1, 2].map((round) => {
      const queries = contestant === 'naive' ? 41 : 1;
      return { kind, name, contestant, round, latency: latency(p50s[contestant] * round), queries };
    }),
  );

const hostile = `<script>alert('1 & "2"')</script>`;

export function results(changes: Partial<Results> = {}): Results {
  return {
    version: 2,
    started: '2026-11-22T17:05:33.123Z',
    seconds: 90,
    machine: { cpu: 'Some CPU', cores: 2, memoryBytes: 2 ** 34, os: 'Some OS' },
    versions: { bun: '1.4.5', redis: null },
    packages: { elysia: '1.4.30' },
    commit: null,
    settings: { customers: 1000, rounds: 2, seedSeconds: 30 },
    equality: { requests: 300, filled: 200, pages: 700, differences: [], seconds: 9 },
    shapes: [
      { name: 'first name', example: '/api/v1/customers?first_name=A' },
      { name: 'search', example: `/api/v1/customers?search=${hostile}` },
    ],
    cases: [{ name: 'deep-page', question: 'A deep page?' }],
    latencies: [
      ...rounds('shape', 'first name'),
      ...rounds('shape', 'search'),
      ...rounds('case', 'deep-page'),
    ],
    loads: (['seed'] as const).flatMap((scenario) =>
      (['naive', 'cached'] as const).map((contestant) => ({
        ...{ scenario, contestant, round: 1, users: 8, seconds: 5, latency: latency(p50s[contestant]) },
        ...{ rate: contestant === 'naive' ? 10 : 1000, failed: contestant === 'naive' ? 0.25 : 0 },
        ...{
          shapes: {},
          dropped: 0,
          inTime: 0,
          cutOff: contestant === 'naive' ? 3 : 0,
          crossed: contestant === 'naive' ? ['p(95)<1000'] : [],
          usage: null,
        },
      })),
    ),
    ...{ capacity: [], ladder: [], sweep: [], databases: null, missing: [] },
    ...changes,
  };
}
