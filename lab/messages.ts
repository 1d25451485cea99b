import type { Room } from '../bench/servers.ts';

// The messages between the server of the lab and its page.

// bench/servers.ts has them too, but starts processes, which a page cannot do.
export const rooms = ['naive', 'optimized'] as const satisfies readonly Room[];

/** `ended`: on its own, without having been stopped. */
export type State = 'starting' | 'up' | 'stopping' | 'down' | 'ended';

export const caches = ['full', 'redis', 'off'] as const;
export type CacheMode = (typeof caches)[number];

/** The slider's rates, in requests a second. */
export const rates = [0, 1, 2, 5, 10, 20, 50, 100, 200] as const;

/** The load's results on one server since the last reading. Latencies are in ms, from when a request was due. */
export interface Measured {
  answered: number;
  failed: number;
  /** not sent, because too many were in flight */
  dropped: number;
  waiting: number;
  p50: number | null;
  p95: number | null;
}

export interface SideReading extends Measured {
  state: State;
  cache: CacheMode;
  /** number of starts: a new process may be up before a page has seen that the last one is gone */
  started: number;
  /** why it does not run, if it was not stopped */
  word: string | null;
}

/** Sent to the page twice a second. */
export interface Reading {
  /** milliseconds since 1970 */
  at: number;
  customers: number;
  load: { rate: number; rooms: Room[] };
  sides: Record<Room, SideReading>;
}

export interface PlanNode {
  /** `Seq Scan on customer` */
  name: string;
  /** its conditions and the rows it removed, as PostgreSQL reports them */
  details: string[];
  rows: number;
  loops: number;
  /** its share of the statement's time, without its child nodes */
  share: number;
  children: PlanNode[];
}

/** A statement that ran, and its plan. */
export interface StatementPlan {
  title: string;
  text: string;
  /** number of executions for the response; the plan is that of the first */
  times: number;
  /** total of all executions, in ms */
  ms: number;
  rowsRead: number;
  plan: PlanNode;
}

export interface Explanation {
  /** rows that the statements read from tables, including those filtered out */
  rowsRead: number;
  /** accessed disk blocks of tables and indexes, in bytes */
  bytes: number;
  statements: StatementPlan[];
}
