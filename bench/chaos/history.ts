// What a register may show: a few customers that one writer changes, one write after the other, so that the states it
// can be in follow each other and each is like no other.

/** The customers of a register: `customer_id` → `last_name`, in which the number of the write stands. */
export type State = ReadonlyMap<string, string>;

interface Written {
  state: State;
  /** when the write was sent, and when it was acknowledged (performance.now()) */
  sent: number;
  acked: number;
  /** the server that acknowledged it; null for SQL from outside, and where a server died before it did */
  server: string | null;
}

/** A read of a register, or of a part of it. */
export interface Read {
  sent: number;
  answered: number;
  server: string;
  /** whether a state shows what was read */
  shows: (state: State) => boolean;
}

export type Verdict =
  | { kind: 'fresh' }
  /** it showed a state for so many ms after another server had acknowledged the next one */
  | { kind: 'late'; ms: number; write: Written }
  /** it showed a state older than a write that this very server had acknowledged before it was asked */
  | { kind: 'stale'; ms: number }
  /** it showed what never was, or what was not written yet */
  | { kind: 'impossible' };

export interface History {
  now(): State;
  /** A write begins; what was in the register before is possible until it is acknowledged. */
  begin(next: State): { acked(server: string | null): void; failed(): void };
  judge(read: Read): Verdict;
}

/** States that are remembered: a read does not take longer than so many writes. */
const kept = 1000;

export function createHistory(first: State = new Map()): History {
  const writes: Written[] = [{ state: first, sent: 0, acked: 0, server: null }];
  return {
    now: () => writes.at(-1)!.state,
    begin(next) {
      const write: Written = {
        state: next,
        sent: performance.now(),
        acked: Number.POSITIVE_INFINITY,
        server: null,
      };
      writes.push(write);
      if (writes.length > kept) writes.shift();
      return {
        acked(server) {
          write.acked = performance.now();
          write.server = server;
        },
        failed: () => void writes.splice(writes.indexOf(write), 1),
      };
    },
    judge({ sent, answered, server, shows }) {
      const shown = writes.findLastIndex((write) => write.sent <= answered && shows(write.state));
      if (shown < 0) return { kind: 'impossible' };
      const missed = writes.slice(shown + 1).filter((write) => write.acked < sent);
      const own = missed.find((write) => write.server === server);
      if (own) return { kind: 'stale', ms: sent - own.acked };
      const [first] = missed;
      return first ? { kind: 'late', ms: sent - first.acked, write: first } : { kind: 'fresh' };
    },
  };
}
