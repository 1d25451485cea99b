import type { Room } from '../../bench/servers.ts';
import type { Reading } from '../messages.ts';

/** Columns of the plot: a line for each server's median and p95 under load, and the page's own requests as points. */
type Value = number | null | undefined;
export type Columns = [at: number[], ...series: Value[][]];

/** The data of the plot: the last minute. */
export interface Trace {
  add(reading: Reading): void;
  /** Adds the page's own request of `ms` to the next reading. */
  asked(room: Room, ms: number): void;
  columns(): Columns;
}

const seconds = 60;

export function createTrace(): Trace {
  let rows: [at: number, ...values: Value[]][] = [];
  let own: Partial<Record<Room, number>> = {};
  return {
    add({ at, load, sides }) {
      // uPlot leaves a gap at null (no load), and draws on over undefined (no response).
      const line = (room: Room, value: number | null) =>
        value ?? (load.rate > 0 && load.rooms.includes(room) ? undefined : null);
      const { naive, optimized } = sides;
      rows.push([
        at / 1000,
        line('naive', naive.p50),
        line('naive', naive.p95),
        own.naive ?? null,
        line('optimized', optimized.p50),
        line('optimized', optimized.p95),
        own.optimized ?? null,
      ]);
      own = {};
      rows = rows.filter((row) => row[0] > at / 1000 - seconds);
    },
    asked(room, ms) {
      own[room] = ms;
    },
    columns: () => [0, 1, 2, 3, 4, 5, 6].map((column) => rows.map((row) => row[column])) as Columns,
  };
}
