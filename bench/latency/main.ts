// Measures one server with mitata, in a process of its own: `bun bench/latency/main.ts JOB`, JOB as JSON. Prints one
// line of JSON for each thing measured. compare.ts starts it anew for every measurement.

import type { Room } from '../servers.ts';
import { accessPath, countPaths, type PathCounts } from './access-path.ts';
import { cases, runCase } from './cases.ts';
import { answerOf, type Latency, measure } from './measure.ts';

export interface Job {
  base: string;
  room: Room;
  /** Requests by shape; every sample of a shape is the next of its requests. */
  shapes: { shape: string; paths: string[] }[];
  /** Names of micro-benchmarks. */
  cases: string[];
  /** Milliseconds to measure each shape and case for; slow ones take longer. */
  budget: number;
  /**
   * Milliseconds after which the server gives a statement up, more than a second: then what was given up is among the
   * measured, not among what warms up.
   */
  cutoff: number;
}

export interface Line {
  kind: 'shape' | 'case';
  name: string;
  latency: Latency;
  /** Requests that were given up at the limit, where there are any: `latency` is what they took at least. */
  cutOff?: number;
  /** Statements behind the last answer, as it says itself; null for a case, and where the last one was given up. */
  queries: number | null;
  /** The access paths of a shape's answers, where the server says them. */
  paths?: PathCounts;
}

async function main({ base, room, shapes, cases: names, budget, cutoff }: Job): Promise<void> {
  const print = (line: Line) => console.log(JSON.stringify(line));
  for (const { shape, paths } of shapes) {
    let turn = 0;
    let last: ArrayBuffer | null = null;
    // Read after the clock has stopped.
    const timings: (string | null)[] = [];
    const limit = limited(cutoff);
    const ask = limit.call(async () => {
      const path = paths[turn++ % paths.length];
      last = null;
      const { headers, body } = await answerOf(base + path);
      timings.push(headers.get('server-timing'));
      last = body;
    });
    const measured = limit.told(await measure(ask, budget, paths.length));
    const taken = countPaths(timings.map(accessPath));
    print({ kind: 'shape', name: shape, ...measured, queries: last && statementsOf(last), paths: taken });
  }
  const target = { room, list: `${base}/api/v1/customers` };
  for (const name of names) {
    const limit = limited(cutoff);
    const measured = await runCase(cases[name]!, target, budget, limit.call);
    print({ kind: 'case', name, ...limit.told(measured), queries: null });
  }
}

/**
 * Calls that may be given up: what fails after `cutoff` was too slow, what fails before is a fault. A call that was given
 * up counts with the time until then, so that no figure is more than the true one.
 */
export function limited(cutoff: number) {
  let cutOff = 0;
  return {
    call: (call: () => Promise<unknown>) => async () => {
      const began = performance.now();
      try {
        return await call();
      } catch (error) {
        if (performance.now() - began < cutoff) throw error;
        cutOff++;
      }
    },
    told(latency: Latency): Pick<Line, 'latency' | 'cutOff'> {
      if (cutOff === 0) return { latency };
      const { histogram, ...bounds } = latency;
      return { latency: bounds, cutOff };
    },
  };
}

function statementsOf(answer: ArrayBuffer): number {
  const { performance } = JSON.parse(new TextDecoder().decode(answer)) as {
    performance: { query_count: number };
  };
  return performance.query_count;
}

if (import.meta.main) {
  try {
    await main(JSON.parse(process.argv[2]!) as Job);
    process.exit(0);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
