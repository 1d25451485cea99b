// Measures one server with mitata, in a process of its own: `bun bench/latency.ts JOB`, JOB as JSON. Prints one
// line of JSON for each thing measured. compare.ts starts it anew for every measurement.

import { get, type Latency, measure } from './measure.ts';
import { cases, runCase } from './micro/index.ts';
import type { Room } from './servers.ts';

export interface Job {
  base: string;
  room: Room;
  /** Requests by shape; every sample of a shape is the next of its requests. */
  shapes: { shape: string; paths: string[] }[];
  /** Names of micro-benchmarks. */
  cases: string[];
  /** Milliseconds to measure each shape and case for; slow ones take longer. */
  budget: number;
}

export interface Line {
  kind: 'shape' | 'case';
  name: string;
  latency: Latency;
  /** Statements behind the last answer, as it says itself; null for a case. */
  queries: number | null;
}

async function main({ base, room, shapes, cases: names, budget }: Job): Promise<void> {
  const print = (line: Line) => console.log(JSON.stringify(line));
  for (const { shape, paths } of shapes) {
    let turn = 0;
    let last = new ArrayBuffer();
    const ask = async () => {
      last = await get(base + paths[turn++ % paths.length]);
    };
    const latency = await measure(ask, budget, paths.length);
    const { performance } = JSON.parse(new TextDecoder().decode(last)) as {
      performance: { query_count: number };
    };
    print({ kind: 'shape', name: shape, latency, queries: performance.query_count });
  }
  const target = { room, list: `${base}/api/v1/customers` };
  for (const name of names) {
    print({ kind: 'case', name, latency: await runCase(cases[name]!, target, budget), queries: null });
  }
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
