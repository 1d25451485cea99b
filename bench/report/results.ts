import type { CapacityRound } from '../capacity/round.ts';
import type { Outcome } from '../equality/main.ts';
import type { RungResult } from '../ladder/result.ts';
import type { PathCounts } from '../latency/access-path.ts';
import type { Latency } from '../latency/measure.ts';
import type { LoadResult } from '../load/run.ts';
import type { Usage } from '../processes.ts';

/** A server that is compared, with or without its cache. */
export type Contestant = 'naive' | 'optimized' | 'cached';

/** One measurement in one round, one request at a time. */
export interface LatencyRound {
  kind: 'shape' | 'case';
  /** Of the shape or the micro-benchmark. */
  name: string;
  contestant: Contestant;
  /** From 1. */
  round: number;
  latency: Latency;
  /** Requests cut off at the limit, if any: `latency` is then a lower bound. */
  cutOff?: number;
  /** Statements per answer; null if unknown. */
  queries: number | null;
  /** The access paths of the answers; absent if the server does not report them, as in older runs. */
  paths?: PathCounts;
}

/** One run of k6 in one round. */
export interface LoadRound extends LoadResult {
  scenario: 'seed';
  contestant: Contestant;
  round: number;
  users: number;
  /** Of the server process; null if the system does not report it. */
  usage: Usage | null;
}

export interface Machine {
  cpu: string;
  cores: number;
  memoryBytes: number;
  os: string;
}

/** The file `results.json`: everything that the report shows, and every round as it was measured. */
export interface Results {
  version: 2;
  /** RFC 3339, UTC. */
  started: string;
  seconds: number;
  machine: Machine;
  /** Versions of the programs `bun`, `postgres`, `redis` and `k6`; null for a missing one. */
  versions: Record<string, string | null>;
  packages: Record<string, string>;
  /** Null outside a git checkout. `changed`: there were uncommitted changes. */
  commit: { id: string; changed: boolean } | null;
  settings: Record<string, string | number | boolean>;
  equality: Outcome;
  /** The requests measured, in the order of the report. */
  shapes: { name: string; example: string }[];
  cases: { name: string; question: string }[];
  latencies: LatencyRound[];
  loads: LoadRound[];
  capacity: CapacityRound[];
  ladder: RungResult[];
  /** The latencies in smaller tables; those in the largest are `latencies`. */
  sweep: { customers: number; latencies: LatencyRound[] }[];
  /** Bytes on disk of each server's database; null if not measured. */
  databases: Record<'naive' | 'optimized', number> | null;
  /** Sentences about what could not be measured or used. */
  missing: string[];
}

/** Begins the sentence in `missing` of an incomplete run. */
export const endedEarly = 'This run ended early';

/** The text of `results.json`: one entry per line, so that plans and samples do not fill pages. */
export function resultsText(results: Results): string {
  const fields = Object.entries(results).map(([name, value]) => {
    if (!Array.isArray(value) || value.length === 0)
      return ` ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    const entries = value.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n');
    return ` ${JSON.stringify(name)}: [\n${entries}\n ]`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}

/** Reads `results.json` of a folder. Throws with one line if it is missing or of another version. */
export async function readResults(folder: string): Promise<Results> {
  const file = Bun.file(`${folder}/results.json`);
  if (!(await file.exists())) throw new Error(`${folder} has no results.json; "npm run compare" writes one.`);
  let results: Omit<Results, 'version'> & { version: number };
  try {
    results = await file.json();
  } catch {
    throw new Error(`${folder}/results.json is not JSON; it may be truncated. Run "npm run compare" again.`);
  }
  // Defaults for what older runs lack: a sweep, and before that a ladder.
  const later = { capacity: [], ladder: [], sweep: [], databases: null };
  if (results.version === 2 || results.version === 1)
    return { ...later, ...results, missing: [...results.missing, ...notProved(results)], version: 2 };
  throw new Error(
    `${folder}/results.json has version ${results.version}; this report reads versions 1 and 2.`,
  );
}

/** Older runs skipped requests that the naive server did not answer in time. */
function notProved({ equality }: { equality: Outcome & { unanswered?: number } }): string[] {
  const { unanswered = 0 } = equality;
  return unanswered > 0
    ? [`Not compared, because the naive server was too slow: ${unanswered} of the requests.`]
    : [];
}
