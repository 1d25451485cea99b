import type { Change } from './change.ts';
import { type Snapshot, sees, seesAll } from './snapshot.ts';

/** The source of a change: this process made it, another one did, or it was found in the database. */
export type Teller = 'here' | 'server' | 'database';

/** The changes of late, in the order in which this process learned of them. */
export interface ChangeLog {
  /** Adds the changes that are not known yet. */
  add(changes: Change[], by: Teller): void;
  /** From now on every change that `snapshot` saw counts as known, if it was among those before place `end`. */
  reached(snapshot: Snapshot, end: number): void;
  /** Something may have been missed: nothing older than `snapshot` can be checked any more. */
  forget(snapshot: Snapshot): void;
  /** the place behind the last change */
  end(): number;
  /** another number after each `forget` */
  epoch(): number;
  /** Whether all changes since a snapshot are known, apart from those of which no source has reported yet. */
  knowsSince(snapshot: Snapshot): boolean;
  /**
   * The first change from place `from` on that `snapshot` did not see and for which `concerns` holds, and the source of
   * it. `lost` where the changes from there on are not all kept any more.
   */
  find(
    from: number,
    snapshot: Snapshot,
    concerns: (change: Change) => boolean,
  ): { change: Change; by: Teller } | 'lost' | null;
  /** the place of the first change that is kept */
  start(): number;
}

/** A log that keeps at least `least` changes, where there were so many, and at the most half as many again. */
export function createLog(least = 4096): ChangeLog {
  let entries: { change: Change; by: Teller }[] = [];
  const known = new Set<number>();
  let start = 0;
  let epoch = 0;
  // Snapshots that saw every change before a place. The first is the floor: what came before it is not kept.
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
      // What the snapshot has not seen was reported in the meantime, and holds.
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
