// What a statement has seen, as PostgreSQL says it: `pg_current_snapshot()`. A transaction is seen when its id is below
// xmax and it was not under way. No clock and no order of messages is needed to know which of two came first.

export interface Snapshot {
  /** ids from here on had not begun */
  xmax: number;
  /** the ids below that were under way */
  running: number[];
}

/** Reads `xmin:xmax:xip,…`. Ids have 64 bits there; a number holds those of the first thousand years. */
export function readSnapshot(text: string): Snapshot {
  const [, xmax = '', running = ''] = text.split(':');
  return { xmax: Number(xmax), running: running === '' ? [] : running.split(',').map(Number) };
}

/** Whether a snapshot has seen what a transaction did. */
export const sees = ({ xmax, running }: Snapshot, xid: number): boolean =>
  xid < xmax && !running.includes(xid);

/** Whether a snapshot has seen everything that another one has. */
export const seesAll = (snapshot: Snapshot, other: Snapshot): boolean =>
  snapshot.xmax >= other.xmax &&
  snapshot.running.every((xid) => xid >= other.xmax || other.running.includes(xid));

/** Whether every transaction before `xid` was seen. */
export const seesBefore = ({ xmax, running }: Snapshot, xid: number): boolean =>
  xmax >= xid && running.every((one) => one >= xid);

/**
 * The same of a statement on a standby. PostgreSQL leaves out there which transactions of the primary were under way, as if all
 * of them were seen. Below xmin none was.
 */
export function onStandby(text: string): string {
  const [xmin] = text.split(':');
  return `${xmin}:${xmin}:`;
}
