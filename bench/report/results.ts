import type { CapacityRound } from '../capacity/round.ts';
import type { Outcome } from '../equality/main.ts';
import type { RungResult } from '../ladder/result.ts';
import type { PathCounts } from '../latency/access-path.ts';
import type { Latency } from '../latency/measure.ts';
import type { LoadResult } from '../load/run.ts';
import type { Usage } from '../processes.ts';

/** Who is compared: a server, with or without its cache. */
export type Contestant = 'naive' | 'optimized' | 'cached';

/** One measurement of one thing in one round, one request at a time. */
export interface LatencyRound {
  kind: 'shape' | 'case';
  /** Of the shape or the micro-benchmark. */
  name: string;
  contestant: Contestant;
  /** From 1. */
  round: number;
  latency: Latency;
  /** Requests that were given up at the limit, where there are any: `latency` is what they took at least. */
  cutOff?: number;
  /** Statements behind one answer; null where that is not known. */
  queries: number | null;
  /** The access paths of the answers; none where the server does not say them, as in older runs. */
  paths?: PathCounts;
}

/** One run of k6 in one round. */
export interface LoadRound extends LoadResult {
  scenario: 'seed';
  contestant: Contestant;
  round: number;
  users: number;
  /** Of the server process; null where the system does not tell. */
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
  /** Of the programs `bun`, `postgres`, `redis` and `k6`; null for what is not there. */
  versions: Record<string, string | null>;
  packages: Record<string, string>;
  /** Null outside of a git checkout. `changed`: there were uncommitted changes. */
  commit: { id: string; changed: boolean } | null;
  settings: Record<string, string | number | boolean>;
  equality: Outcome;
  /** What was asked, in the order of the report. */
  shapes: { name: string; example: string }[];
  cases: { name: string; question: string }[];
  latencies: LatencyRound[];
  loads: LoadRound[];
  capacity: CapacityRound[];
  ladder: RungResult[];
  /** The latencies in smaller tables; those in the largest are `latencies`. */
  sweep: { customers: number; latencies: LatencyRound[] }[];
  /** Bytes on disk of each server's database; null where that was not looked at. */
  databases: Record<'naive' | 'optimized', number> | null;
  /** What could not be measured or used, in sentences. */
  missing: string[];
}

/** Begins the sentence in `missing` of a run that is not complete. */
export const endedEarly = 'This run ended early';

/** The text of `results.json`: an entry a line, so that plans and samples do not fill pages. */
export function resultsText(results: Results): string {
  const fields = Object.entries(results).map(([name, value]) => {
    if (!Array.isArray(value) || value.length === 0)
      return ` ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    const entries = value.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n');
    return ` ${JSON.stringify(name)}: [\n${entries}\n ]`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}

/** Reads `results.json` of a folder; throws with one line when it is not there or of another version. */
export async function readResults(folder: string): Promise<Results> {
  const file = Bun.file(`${folder}/results.json`);
  if (!(await file.exists()))
    throw new Error(`${folder} holds no results.json: "npm run compare" writes one.`);
  let results: Omit<Results, 'version'> & { version: number };
  try {
    results = await file.json();
  } catch {
    throw new Error(`${folder}/results.json is no JSON: it may be cut short; run "npm run compare" again.`);
  }
  // What older runs did not have: a sweep, and before that a ladder.
  const later = { capacity: [], ladder: [], sweep: [], databases: null };
  if (results.version === 2 || results.version === 1)
    return { ...later, ...results, missing: [...results.missing, ...notProved(results)], version: 2 };
  throw new Error(
    `${folder}/results.json has version ${results.version}, this report reads versions 1 and 2.`,
  );
}

/** Older runs gave up what the naive server did not answer in time. */
function notProved({ equality }: { equality: Outcome & { unanswered?: number } }): string[] {
  const { unanswered = 0 } = equality;
  return unanswered > 0
    ? [`Too slow for the naive server, and not compared: ${unanswered} of the requests.`]
    : [];
}
