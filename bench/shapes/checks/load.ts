import { random } from '../../generate/random.ts';
import { type LoadResult, runK6, type Scenario, writeList } from '../../load/run.ts';
import { type RunningServer, startServer } from '../../servers.ts';
import { short } from '../../table.ts';
import { type Shape, shuffled } from '../shape.ts';
import type { Check, Setting } from './check.ts';

const users = 16;
const leastRate = 1_000;
const mostBytes = 200e6;
const requests = 5_000;

/** All shapes at once by k6, each equally often, and the memory that the server uses for them. */
export async function mixedLoad(setting: Setting): Promise<Check[]> {
  const plain = setting.shapes.filter(({ name }) => !/^(hard|pair)/.test(name));
  const goal = `≥ ${leastRate} requests/s, 0 failed`;
  const memory = { name: 'load: memory under the mixed load', goal: `≤ ${mostBytes / 1e6} MB` };
  const checks: Check[] = [];
  for (const [name, shapes] of [
    [`load: mixed, ${users} users`, plain],
    [`load: mixed with the hard cases, ${users} users`, setting.shapes],
  ] as const) {
    if ('missing' in setting.k6) {
      checks.push({ name, goal, found: setting.k6.missing, holds: null, figures: {} });
      continue;
    }
    const LIST = await writeList(listOf(shapes, setting.seed));
    const settings = { LIST, USERS: `${users}`, SECONDS: `${setting.seconds}` };
    const { result, peakBytes } = await loaded(setting, setting.k6.path, 'mixed', settings);
    const found = `${short(result.rate)} requests/s, ${figuresOf(result)}`;
    const holds = result.rate >= leastRate && result.failed === 0 && result.cutOff === 0;
    checks.push({ name, goal, found, holds, figures: result });
    if (shapes === plain && peakBytes !== null) {
      const megabytes = `${short(peakBytes / 1e6)} MB at most`;
      checks.push({ ...memory, found: megabytes, holds: peakBytes <= mostBytes, figures: { peakBytes } });
    }
  }
  return checks;
}

/** The scenario of the seed document. */
export async function seedLoad(setting: Setting): Promise<Check[]> {
  const about = { name: "load: the seed document's scenario, 50 users", goal: 'p95 ≤ 5 ms, 0 failed' };
  if ('missing' in setting.k6) return [{ ...about, found: setting.k6.missing, holds: null, figures: {} }];
  const settings = { USERS: '50', SCALE: `${setting.seconds / 120}` };
  const { result } = await loaded(setting, setting.k6.path, 'seed', settings);
  const holds = result.latency.p95 <= 5 && result.failed === 0 && result.cutOff === 0;
  return [{ ...about, found: figuresOf(result), holds, figures: result }];
}

const figuresOf = ({ latency: { p50, p95, p99 }, failed, cutOff }: LoadResult) =>
  `p50 ${short(p50)}, p95 ${short(p95)}, p99 ${short(p99)} ms, ${(failed * 100).toFixed(2)} % failed, ${cutOff} cut off`;

/**
 * k6 keeps figures for each name, and hundreds of names would cost it more than the requests, so names are those of
 * groups. A comma would end the name.
 */
function listOf(shapes: readonly Shape[], seed: number) {
  const draw = random(seed);
  const order = shuffled(shapes, draw);
  return Array.from({ length: requests }, (_, index) => {
    const { name, paths } = order[index % order.length]!;
    return {
      shape: name.split(':')[0]!.replace(',', ' by'),
      path: draw.pick(paths),
      status: 200 as const,
      walk: 0,
    };
  });
}

async function loaded(
  { stage }: Setting,
  k6: string,
  scenario: Scenario,
  settings: Record<string, string>,
): Promise<{ result: LoadResult; peakBytes: number | null }> {
  const server: RunningServer = await startServer('optimized', { ...stage.environment, CACHE: 'off' });
  try {
    const result = await runK6(k6, scenario, { BASE: server.base, ...settings });
    server.assertAlive();
    return { result, peakBytes: server.usage()?.peakBytes ?? null };
  } finally {
    await server.stop();
  }
}
