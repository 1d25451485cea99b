// Measures one server with mitata, in a separate process: `bun bench/latency/main.ts JOB`, JOB as JSON. Prints one line of
// JSON for each shape and case. compare/rounds.ts starts a new process for every round.

import type { Room } from '../servers.ts';
import { accessPath, countPaths, type PathCounts } from './access-path.ts';
import { cases, runCase } from './cases.ts';
import { answerOf, type Latency, measure } from './measure.ts';

export interface Job {
  base: string;
  room: Room;
  /** Requests by shape; each sample of a shape sends its next request. */
  shapes: { shape: string; paths: string[] }[];
  /** Names of micro-benchmarks. */
  cases: string[];
  /** Milliseconds to measure each shape and case for; slow ones take longer. */
  budget: number;
  /**
   * Milliseconds after which the server cancels a statement. It must exceed a second, so that a cancelled request counts as
   * measured, not as warm-up.
   */
  cutoff: number;
}

export interface Line {
  kind: 'shape' | 'case';
  name: string;
  latency: Latency;
  /** Requests cut off at the limit, if there are any: `latency` is then a lower bound. */
  cutOff?: number;
  /** Statements behind the last answer, as the answer reports; null for a case, and if the last request was cut off. */
  queries: number | null;
  /** The access paths of a shape's answers, if the server reports them. */
  paths?: PathCounts;
}

async function main({ base, room, shapes, cases: names, budget, cutoff }: Job): Promise<void> {
  const print = (line: Line) => console.log(JSON.stringify(line));
  for (const { shape, paths } of shapes) {
    let turn = 0;
    let last: ArrayBuffer | null = null;
    // Evaluated after the measurement.
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
 * Wraps calls that may be cut off. A failure after `cutoff` ms means too slow; an earlier failure is a fault. A call that
 * was cut off counts with its time until then, so that no figure exceeds the true one.
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
