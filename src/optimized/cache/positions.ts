// Places in the log (WAL) of the primary: how far it is, up to where its changes are known here, and how far behind it a replica
// is. A place is a number of bytes; a number holds those of the first 8 PB.

/** Reads `16/B374D848`, as PostgreSQL writes it; null where it is none. */
export function readPosition(text: string): number | null {
  const [, high, low] = /^([\dA-F]{1,8})\/([\dA-F]{1,8})$/i.exec(text) ?? [];
  return low === undefined ? null : Number.parseInt(high!, 16) * 2 ** 32 + Number.parseInt(low, 16);
}

/** What the primary says of its log: the end of what is written, and of what is safe on its disk. */
export interface Place {
  inserted: number;
  flushed: number;
}

export interface Positions {
  /** The primary answered, in a statement that began at `at` (ms). */
  answered(place: Place, at: number): void;
  /** Another primary, or one that has lost its memory: nothing of before counts. */
  reset(): void;
  /** Whether all is known that was committed before a client was told of this place. */
  covers(position: number): boolean;
  /** A question that began after a client named this place was answered. */
  confirm(position: number): void;
  /** A write of this server was acknowledged at this place. */
  wrote(position: number): void;
  /** What a replica must have replayed to show everything that this server knows of. */
  known(): number;
  /** ms by which a replica that has replayed so far is behind. */
  behind(replayed: number, now?: number): number;
}

/** ms for which it is remembered when the primary was where; a replica further behind counts as so much behind. */
const memory = 120_000;
const mostConfirmed = 10_000;

export function createPositions(): Positions {
  let passed: { position: number; at: number }[] = [];
  let confirmed = new Set<number>();
  let [covered, last, own] = [0, 0, 0];
  return {
    answered({ inserted, flushed }, at) {
      // A statement names the place after it has taken its snapshot. So it may not have seen what was committed up to
      // there; the statement after it has.
      [covered, last] = [last, inserted];
      if (passed.at(-1)?.position === flushed) return;
      passed.push({ position: flushed, at });
      if (at - passed[0]!.at > 2 * memory) passed = passed.filter((one) => at - one.at <= memory);
    },
    reset() {
      [covered, last, own, passed, confirmed] = [0, 0, 0, [], new Set()];
    },
    // The place itself may have been named before the commit was visible, when nothing else was written since.
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
