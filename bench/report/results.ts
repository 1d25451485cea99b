import type { Usage } from '../children.ts';
import type { Found } from '../differential.ts';
import type { LoadResult } from '../load/run.ts';
import type { Latency } from '../measure.ts';

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
  /** Statements behind one answer; null where that is not known. */
  queries: number | null;
}

/** One run of k6 in one round. */
export interface LoadRound extends LoadResult {
  scenario: 'mixed' | 'seed';
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
  version: 1;
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
  equality: { requests: number; filled: number; pages: number; differences: Found[]; seconds: number };
  /** What was asked, in the order of the report. */
  shapes: { name: string; why: string; example: string }[];
  cases: { name: string; question: string }[];
  latencies: LatencyRound[];
  loads: LoadRound[];
  /** What could not be measured or used, in sentences. */
  missing: string[];
}

/** Reads `results.json` of a folder; throws with one line when it is not there or of another version. */
export async function readResults(folder: string): Promise<Results> {
  const file = Bun.file(`${folder}/results.json`);
  if (!(await file.exists()))
    throw new Error(`${folder} holds no results.json: "npm run compare" writes one.`);
  let results: Results;
  try {
    results = (await file.json()) as Results;
  } catch {
    throw new Error(`${folder}/results.json is no JSON: it may be cut short; run "npm run compare" again.`);
  }
  if (results.version === 1) return results;
  throw new Error(`${folder}/results.json has version ${results.version}, this report reads version 1.`);
}
