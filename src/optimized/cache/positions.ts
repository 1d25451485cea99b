// Tracks WAL positions: how far the primary is, up to where its changes are known here, and how far behind a replica is. A
// position is a number of bytes; a number holds those of the first 8 PB.

/** Parses a position as PostgreSQL writes it, such as `16/B374D848`; null if it is none. */
export function readPosition(text: string): number | null {
  const [, high, low] = /^([\dA-F]{1,8})\/([\dA-F]{1,8})$/i.exec(text) ?? [];
  return low === undefined ? null : Number.parseInt(high!, 16) * 2 ** 32 + Number.parseInt(low, 16);
}

/** The primary's WAL: the end of what is inserted, and of what is flushed to disk. */
export interface Place {
  inserted: number;
  flushed: number;
}

export interface Positions {
  /** Records an answer of the primary to a statement that began at `at` (ms). */
  answered(place: Place, at: number): void;
  /** Forgets all positions: the primary is another one, or has lost its change table. */
  reset(): void;
  /** Whether every change is known that was committed before a client received this position. */
  covers(position: number): boolean;
  /** Records that a poll was answered which began after a client sent this position. */
  confirm(position: number): void;
  /** Records that a write of this server was acknowledged at this position. */
  wrote(position: number): void;
  /** The position that a replica must have replayed to show every change that is known here. */
  known(): number;
  /** The lag, in ms, of a replica that has replayed up to `replayed`. */
  behind(replayed: number, now?: number): number;
}

/** ms for which past positions of the primary are kept; a replica further behind counts as this far behind. */
const memory = 120_000;
const mostConfirmed = 10_000;

export function createPositions(): Positions {
  let passed: { position: number; at: number }[] = [];
  let confirmed = new Set<number>();
  let [covered, last, own] = [0, 0, 0];
  return {
    answered({ inserted, flushed }, at) {
      // A statement reads the position after it has taken its snapshot, so it may not have seen all commits up to there. The
      // next statement has.
      [covered, last] = [last, inserted];
      if (passed.at(-1)?.position === flushed) return;
      passed.push({ position: flushed, at });
      if (at - passed[0]!.at > 2 * memory) passed = passed.filter((one) => at - one.at <= memory);
    },
    reset() {
      [covered, last, own, passed, confirmed] = [0, 0, 0, [], new Set()];
    },
    // The position itself may have been read before the commit was visible, if nothing else was written since.
    covers: (position) => position < covered || confirmed.has(position),
    confirm(position) {
      if (confirmed.size >= mostConfirmed) confirmed.clear();
      confirmed.add(position);
    },
    wrote(position) {
      own = Math.max(own, position);
    },
    known: () => Math.max(own, passed.at(-1)?.position ?? Number.POSITIVE_INFINITY),
    behind(replayed, now = performance.now()) {
      const first = passed.find(({ position }) => position > replayed);
      return first ? now - first.at : 0;
    },
  };
}
