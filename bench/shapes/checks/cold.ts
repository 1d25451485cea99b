import { writeFileSync } from 'node:fs';
import { readConfig } from '../../../src/server/config.ts';
import { startServices, stopServices } from '../../../src/services/index.ts';
import { closedLoop } from '../../client/closed-loop.ts';
import { call } from '../../client/wire.ts';
import { latency } from '../../latency/measure.ts';
import { startServer } from '../../servers.ts';
import { short } from '../../table.ts';
import type { Shape } from '../shape.ts';
import type { Check, Setting } from './check.ts';

const most = 250;
const requests = 100;
const name = `cold: the first ${requests} requests of each sort, filter and search in the default order`;
const goal = `p95 ≤ ${most} ms, PostgreSQL restarted and the file cache emptied before each`;

/** Requests to a database of which nothing is in memory, shape by shape, one request at a time. */
export async function coldStart({ stage, shapes }: Setting): Promise<Check[]> {
  const missing = whyNot();
  if (missing !== null) return [{ name, goal, found: missing, holds: null, figures: {} }];
  const server = await startServer('optimized', { ...stage.environment, CACHE: 'off' });
  const plain = shapes.filter((shape) => /^(sort|filter|search):/.test(shape.name));
  const found: { name: string; p95: number; failed: number }[] = [];
  try {
    for (const shape of plain) found.push(await first(server.base, shape));
    server.assertAlive();
  } finally {
    await server.stop();
  }
  const [worst] = found.toSorted((a, b) => b.p95 - a.p95);
  const within = found.filter(({ p95, failed }) => p95 <= most && failed === 0);
  return [
    {
      ...{ name, goal },
      found: `${within.length} of ${found.length} shapes; worst p95 ${short(worst?.p95 ?? 0)} ms: ${worst?.name}`,
      holds: within.length === found.length,
      figures: { found },
    },
  ];
}

async function first(base: string, { name, paths }: Shape) {
  await stopServices();
  writeFileSync(cacheSwitch, '1');
  await startServices(readConfig({ port: 0 }));
  // The server now opens new connections, which is not part of a request.
  await closedLoop(base, [call('/ready')], { users: 1, requests: 20 });
  const calls = paths.slice(0, requests).map((path) => call(path));
  const { samples, failures } = await closedLoop(base, calls, { users: 1, requests: calls.length });
  return {
    name,
    p95: samples.length > 0 ? latency(samples.map(({ ms }) => ms)).p95 : 0,
    failed: failures.length,
  };
}

/** https://docs.kernel.org/admin-guide/sysctl/vm.html#drop-caches */
const cacheSwitch = '/proc/sys/vm/drop_caches';

function whyNot(): string | null {
  if (readConfig({ port: 0 }).postgres.host !== null)
    return 'POSTGRES_HOST is set: only the embedded server can be restarted';
  try {
    writeFileSync(cacheSwitch, '1');
    return null;
  } catch {
    return 'only root on Linux can empty the file cache';
  }
}
