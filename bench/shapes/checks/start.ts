import { Stop } from '../../../src/cli/command.ts';
import { buildServers } from '../../build.ts';
import { startChild } from '../../children.ts';
import { listPath } from '../../requests.ts';
import { freePort } from '../../servers.ts';
import { median } from '../../statistics.ts';
import { short } from '../../table.ts';
import type { Check, Setting } from './check.ts';

const most = 300;
const times = 5;
const patience = 30_000;

/**
 * From the start of the process to its first answered list, with the services up: the median of five. The server is
 * built as for the image (`npm run build`).
 */
export async function startTime({ stage }: Setting): Promise<Check[]> {
  const built = buildServers();
  const taken: number[] = [];
  try {
    for (let time = 0; time < times; time++)
      taken.push(await once(built.script('optimized'), stage.environment));
  } finally {
    built.remove();
  }
  const middle = median(taken);
  return [
    {
      name: 'start: to the first answer',
      goal: `≤ ${most} ms`,
      found: `${short(middle)} ms, median of ${taken.map(short).join(', ')}`,
      holds: middle <= most,
      figures: { milliseconds: taken },
    },
  ];
}

async function once(script: string, environment: Record<string, string>): Promise<number> {
  const port = `${freePort()}`;
  const began = performance.now();
  const child = startChild([process.execPath, script], {
    environment: { NODE_ENV: 'production', ...environment, HOST: '127.0.0.1', PORT: port },
  });
  try {
    while (performance.now() - began < patience && child.running()) {
      if (await answers(`http://127.0.0.1:${port}${listPath}`)) return performance.now() - began;
      // Polling without a pause would compete with the starting server for the CPU.
      await Bun.sleep(2);
    }
    await child.stop();
    throw new Stop(`The server did not start: ${child.lastLines().join(' | ') || 'no output'}`);
  } finally {
    await child.stop();
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}
