import type { Change } from './change.ts';
import { type Snapshot, sees, seesAll } from './snapshot.ts';

// Keeps the recent changes of rows, against which cache entries are checked.

/** The source of a change: this process made it, another one announced it, or it was read from the database. */
export type Teller = 'here' | 'server' | 'database';

/** The recent changes, in the order in which they reached this process. */
export interface ChangeLog {
  /** Adds the changes that are not in the log yet. */
  add(changes: Change[], by: Teller): void;
  /** Records that `snapshot` saw every change before place `end`, and that every change it saw is known. */
  reached(snapshot: Snapshot, end: number): void;
  /** Changes may have been missed: nothing older than `snapshot` can be checked any more. */
  forget(snapshot: Snapshot): void;
  /** the place after the last change */
  end(): number;
  /** another number after each `forget` */
  epoch(): number;
  /** Whether the log has all changes since a snapshot, except those that no source has reported yet. */
  knowsSince(snapshot: Snapshot): boolean;
  /**
   * The first change from place `from` on that `snapshot` did not see and for which `concerns` holds, and its source.
   * `lost` if the changes from there on are not all kept any more.
   */
  find(
    from: number,
    snapshot: Snapshot,
    concerns: (change: Change) => boolean,
  ): { change: Change; by: Teller } | 'lost' | null;
  /** the place of the first change that is kept */
  start(): number;
}

/** A log that keeps at least the last `least` changes, and at most half as many again. */
export function createLog(least = 4096): ChangeLog {
  let entries: { change: Change; by: Teller }[] = [];
  const known = new Set<number>();
  let start = 0;
  let epoch = 0;
  // Snapshots that saw every change before a place. The first is the floor: changes before it are not kept.
  let marks: { end: number; snapshot: Snapshot }[] = [];

  const end = () => start + entries.length;
  const drop = (to: number) => {
    for (const { change } of entries.splice(0, to - start)) known.delete(change.id);
    start = to;
  };
  return {
    end,
    start: () => start,
    epoch: () => epoch,
    add(changes, by) {
      for (const change of changes) {
        if (known.has(change.id)) continue;
        known.add(change.id);
        entries.push({ change, by });
      }
    },
    reached(snapshot, place) {
      const last = marks.at(-1);
      if (last && place - last.end < least / 4) return;
      marks.push({ end: place, snapshot });
      const floor = marks.findLastIndex((mark) => end() - mark.end >= least);
      if (floor <= 0) return;
      marks = marks.slice(floor);
      drop(marks[0]!.end);
    },
    forget(snapshot) {
      epoch += 1;
      // Changes that the snapshot did not see were reported in the meantime, and stay valid.
      const later = entries.filter(({ change }) => !sees(snapshot, change.xid));
      start = end();
      entries = later;
      known.clear();
      for (const { change } of later) known.add(change.id);
      marks = [{ end: start, snapshot }];
    },
    knowsSince: (snapshot) => marks.length > 0 && seesAll(snapshot, marks[0]!.snapshot),
    find(from, snapshot, concerns) {
      if (from < start) return 'lost';
      for (let i = from - start; i < entries.length; i++) {
        const entry = entries[i]!;
        if (!sees(snapshot, entry.change.xid) && concerns(entry.change)) return entry;
      }
      return null;
    },
  };
}
