import type { Room } from '../bench/servers.ts';

// What the server of the lab and its page say to each other.

// bench/servers.ts has them too, but starts processes, which no page can.
export const rooms = ['naive', 'optimized'] as const satisfies readonly Room[];

/** `ended`: by itself, without having been stopped. */
export type State = 'starting' | 'up' | 'stopping' | 'down' | 'ended';

export const caches = ['full', 'redis', 'off'] as const;
export type CacheMode = (typeof caches)[number];

/** Requests a second that the slider offers. */
export const rates = [0, 1, 2, 5, 10, 20, 50, 100, 200] as const;

/** What the load did on one side since the last reading. Milliseconds, counted from when a request was due. */
export interface Measured {
  answered: number;
  failed: number;
  /** not sent, because too many were still waiting */
  dropped: number;
  waiting: number;
  p50: number | null;
  p95: number | null;
}

export interface SideReading extends Measured {
  state: State;
  cache: CacheMode;
  /** how often it was started: another process may be up before a page saw that the last one was gone */
  started: number;
  /** why it does not run, where it was not stopped */
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
  /** what it looks for and what it throws away, as PostgreSQL says it */
  details: string[];
  rows: number;
  loops: number;
  /** its share of the statement's time, without the nodes below it */
  share: number;
  children: PlanNode[];
}

/** A statement as it was run, and how. */
export interface StatementPlan {
  title: string;
  text: string;
  /** how often the answer needed it; the plan is that of the first time */
  times: number;
  /** of all times together, in ms */
  ms: number;
  rowsRead: number;
  plan: PlanNode;
}

export interface Explanation {
  /** rows that the statements took from tables, also those that a filter threw away */
  rowsRead: number;
  /** pages of tables and indexes that were touched, in bytes */
  bytes: number;
  statements: StatementPlan[];
}
