import type { Latency } from '../latency/measure.ts';
import type { Side } from './rung.ts';

// The ladder as stored in `results.json`.

/** Measurements of one way to one answer. */
export interface Asked {
  /** One for each round, each on new connections or processes; milliseconds. */
  rounds: Latency[];
  /** Work of PostgreSQL for one answer; null if the requests went to a server. */
  work: Work | null;
}

export interface Work {
  statements: number;
  rowsRead: number;
  /** Disk blocks of 8 kB accessed, cached or not. */
  blocks: number;
  /** For sorting, hashing and materializing. `spilled`: it did not suffice, and PostgreSQL wrote files. */
  memoryBytes: number;
  spilled: boolean;
  /** Plan of the slowest statement, as `explain (format json)` returns it. */
  plan: unknown;
}

/** The costs of a way other than its latency; null if zero or unknown. */
export interface Cost {
  /** Time to build its setup once; milliseconds, one for each round. */
  build: number[];
  /** Size of all tables and indexes. */
  diskBytes: number | null;
  /** Time to insert a thousand customers in one statement; milliseconds, one for each try. */
  writes: number[];
  /** Memory of the plans kept in a connection, or of the server and Redis for the requested lists. */
  memoryBytes: number | null;
}

export interface RungResult {
  name: string;
  title: string;
  changes: string;
  notPaying: string;
  /** The statement or the settings. */
  text: Record<Side, string>;
  setup: Record<Side, string | null>;
  cases: { name: string; asked: Record<Side, Asked> }[];
  costs: Record<Side, Cost>;
}
