import type { Reading } from '../../../src/optimized/cache/cache.ts';
import { written } from './row.ts';

// A database of one customer, in memory: transactions have ids and commit in any order, statements have snapshots.

export interface FakeDatabase {
  /** Begins a write; committing it returns its changes, as text. */
  begin(): { commit(): string; rollBack(): void };
  /** The customer's points, which are the number of committed writes, in the current snapshot. */
  read(): Reading & { points: number };
}

export function fakeDatabase(): FakeDatabase {
  let nextXid = 100;
  let points = 0;
  let changes = 0;
  const running = new Set<number>();
  const snapshot = () => `${Math.min(nextXid, ...running)}:${nextXid}:${[...running].join(',')}`;
  const version = (value: number) => written(1, { points: String(value) });
  return {
    begin() {
      const xid = nextXid++;
      running.add(xid);
      return {
        commit() {
          running.delete(xid);
          points += 1;
          changes += 1;
          return JSON.stringify([[changes, xid, [version(points - 1), version(points)]]]);
        },
        rollBack: () => void running.delete(xid),
      };
    },
    read: () => ({ text: String(points), snapshot: snapshot(), about: { kind: 'row', id: 1 }, points }),
  };
}
