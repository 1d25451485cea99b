// Decides what a read of a register may show. A register is a few customers that one writer changes, one write at a
// time. So its states form a sequence, and each state is unique.

/** The customers of a register: `customer_id` → `last_name`, which contains the number of the write. */
export type State = ReadonlyMap<string, string>;

interface Written {
  state: State;
  /** when the write was sent, and when it was acknowledged (performance.now()) */
  sent: number;
  acked: number;
  /** the server that acknowledged it; null for SQL from outside, or if the server died before it acknowledged */
  server: string | null;
}

/** A read of a register, or of a part of it. */
export interface Read {
  sent: number;
  answered: number;
  server: string;
  /** whether a state matches what was read */
  shows: (state: State) => boolean;
}

export type Verdict =
  | { kind: 'fresh' }
  /** it showed a state `ms` after another server, or SQL, had acknowledged the next one */
  | { kind: 'late'; ms: number; write: Written }
  /** it showed a state older than a write that the same server had acknowledged before the read was sent */
  | { kind: 'stale'; ms: number }
  /** it showed a state that never existed or was not written yet */
  | { kind: 'impossible' };

export interface History {
  now(): State;
  /** Begins a write. Until it is acknowledged, a read may show the previous state. */
  begin(next: State): { acked(server: string | null): void; failed(): void };
  judge(read: Read): Verdict;
}

/** Number of states kept: no read takes longer than this many writes. */
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
