import { expect, test } from 'bun:test';
import { inStages } from '../../../bench/compare/main.ts';
import { buildReport } from '../../../bench/report/build.ts';
import type { Results } from '../../../bench/report/results.ts';
import { results } from '../report/results.ts';

test('a run that ends early keeps what was measured, and reports what is missing', async () => {
  const { latencies, loads, ...before } = results({ missing: ['No Redis.'] });
  const kept: Results[] = [];
  const write = async (now: Results) => {
    kept.push(structuredClone(now));
    return 'folder';
  };
  const stages = {
    latency: async () => ({ latencies }),
    ladder: () => Promise.reject(new Error('no rung')),
    load: async () => ({ loads }),
  };
  const run = inStages({ ...before, latencies: [], loads: [] }, stages, write);
  await expect(run).rejects.toThrow('no rung');
  expect(kept.map((now) => [now.latencies, now.missing])).toEqual([
    [latencies, ['No Redis.', 'This run ended early, without ladder, load.']],
  ]);
  expect(buildReport(kept[0]!)).toContain('without ladder, load');
  expect(buildReport({ ...kept[0]!, latencies: [] })).not.toContain('NaN');
  stages.ladder = async () => ({ ladder: [] }) as never;
  await inStages({ ...before, latencies: [], loads: [] }, stages, write);
  expect(kept.at(-1)).toMatchObject({ latencies, loads, missing: ['No Redis.'] });
});
