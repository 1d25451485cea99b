// Tells what a statement has seen, from PostgreSQL's `pg_current_snapshot()`. A transaction is seen if its id is below xmax and
// it was not in progress. So neither a clock nor an order of messages is needed to tell which of two came first.

export interface Snapshot {
  /** transactions with an id from here on had not begun */
  xmax: number;
  /** the ids below it that were in progress */
  running: number[];
}

/** Parses `xmin:xmax:xip,…`. Ids have 64 bits there; a number holds those of the first thousand years. */
export function readSnapshot(text: string): Snapshot {
  const [, xmax = '', running = ''] = text.split(':');
  return { xmax: Number(xmax), running: running === '' ? [] : running.split(',').map(Number) };
}

/** Whether a snapshot has seen a transaction. */
export const sees = ({ xmax, running }: Snapshot, xid: number): boolean =>
  xid < xmax && !running.includes(xid);

/** Whether a snapshot has seen everything that another one has. */
export const seesAll = (snapshot: Snapshot, other: Snapshot): boolean =>
  snapshot.xmax >= other.xmax &&
  snapshot.running.every((xid) => xid >= other.xmax || other.running.includes(xid));

/** Whether a snapshot has seen every transaction before `xid`. */
export const seesBefore = ({ xmax, running }: Snapshot, xid: number): boolean =>
  xmax >= xid && running.every((one) => one >= xid);

/**
 * What a statement on a standby has certainly seen. There PostgreSQL omits which transactions of the primary were in progress, as
 * if all of them were seen. Below xmin none was in progress.
 */
export function onStandby(text: string): string {
  const [xmin] = text.split(':');
  return `${xmin}:${xmin}:`;
}
