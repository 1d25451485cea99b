import type { Latency } from '../latency/measure.ts';
import type { Side } from './rung.ts';

// What is kept of a ladder, in `results.json`.

/** One way to one answer. */
export interface Asked {
  /** One for each round, in fresh connections or processes; milliseconds. */
  rounds: Latency[];
  /** What PostgreSQL did for one answer; null where a server was asked. */
  work: Work | null;
}

export interface Work {
  statements: number;
  rowsRead: number;
  /** Pages of 8 kB that were looked at. */
  blocks: number;
  /** For sorting, hashing and collecting; `spilled`: it did not suffice, and files were written. */
  memoryBytes: number;
  spilled: boolean;
  /** Of the statement that took longest, as `explain (format json)` gives it. */
  plan: unknown;
}

/** What a way takes besides the time to ask; null where that is nothing or unknown. */
export interface Cost {
  /** To build what it stands on, once; milliseconds, one for each round. */
  build: number[];
  /** Of all tables and indexes. */
  diskBytes: number | null;
  /** For a thousand new customers in one statement; milliseconds, one for each try. */
  writes: number[];
  /** Of plans kept in a connection, or held by the server and Redis for the lists that were asked. */
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
