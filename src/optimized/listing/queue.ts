import { setTimeout } from 'node:timers/promises';
import { type Problem, unavailable } from '../../contract/problem.ts';
import { held } from '../../server/admission.ts';

// Admission control by cost. An exact count reads every match, a list by relevance ranks every match, and a list that no index suits
// reads the table. Slow work runs one at a time, so that it takes no more than one processor and one connection from other lists.
// Work that cannot end in time is refused at once. Shorter work overtakes longer work that came shortly before. Work that can no longer
// end in time when its turn comes is refused then. If many requests wait for a connection, only brief work still joins them.

/** µs; work that takes less is not queued. */
export const short = 20_000;
/** µs; work that takes longer is refused while many requests wait for a connection. */
const brief = 2_000;

export interface Queue {
  /** Runs `work`, which is expected to take `cost` µs, in its turn. Throws a Problem 503 with `advice` if it would be too late. */
  <T>(cost: number, advice: string, work: () => Promise<T>): Promise<T>;
  /** Throws the same if work that is expected to take `cost` µs would be too late now. */
  assertRoom(cost: number, advice: string): Promise<void>;
}

/** The requests that wait for a connection. */
export interface Others {
  /** there are some */
  wait(): boolean;
  /** so many that longer work is refused */
  crowd(): boolean;
}

/** The most ms that queued work may be expected to take while other requests wait for a connection. */
const limitWhenBusy = 500;

/** Work overtakes work that came earlier by up to this many times their difference in cost. With 8, long work came 2 s after the limit. */
const precedence = 2;

/** The weight that past answers keep after each further one in the estimate of the pace; 0 so many ms after the last. */
const memory = 0.9;
const forgotten = 3_000;
/** Work that takes longer than this many times its estimate shows more about the estimate than about the machine. */
const slowest = 4;

interface Turn {
  /** expected µs */
  cost: number;
  /** ms; the earliest is next */
  due: number;
  begin(): void;
}

/**
 * A queue for slow work. Expected costs are corrected by how long the last answers took, since the machine may be slower than the one of
 * `npm run calibrate`, or busy.
 *
 * @param limit the most ms that work and all work before it may be expected to take; 0 for no limit
 */
export function openQueue(limit: number, others: Others = { wait: () => false, crowd: () => false }): Queue {
  let running: Turn | undefined;
  const waiting: Turn[] = [];
  // The expected and the actual µs of the last answers, weighted, and the time of the last one.
  let [expected, taken, last] = [short, short, 0];

  /** How many times longer than expected work takes, at least 1. Only answers show it, so without one for a while it is 1 again. */
  const pace = () =>
    performance.now() - last > forgotten ? 1 : Math.min(slowest, Math.max(1, taken / expected));

  const dueOf = (cost: number) => performance.now() + (precedence * cost) / 1000;

  const most = limit || Number.POSITIVE_INFINITY;

  const isTooLate = (cost: number) => {
    if (cost >= brief && others.crowd()) return true;
    const due = dueOf(cost);
    const before = waiting.filter((one) => one.due <= due).reduce((sum, one) => sum + one.cost, 0);
    const end = (((running?.cost ?? 0) + before + cost) * pace()) / 1000;
    return cost >= short && end > (others.wait() ? Math.min(limitWhenBusy, most) : most);
  };

  const tooLong = (advice: string) => unavailable(`This would take too long now: ${advice}.`);

  // An estimate takes half a millisecond of the server's only thread.
  async function refusal(advice: string): Promise<Problem> {
    await setTimeout(held);
    return tooLong(advice);
  }

  /** Waits for the turn of new work. */
  async function turnOf(cost: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const turn = { cost, due: dueOf(cost), begin: resolve };
    if (running) {
      const later = waiting.findIndex(({ due }) => due > turn.due);
      waiting.splice(later < 0 ? waiting.length : later, 0, turn);
      return promise;
    }
    running = turn;
  }

  async function queue<T>(cost: number, advice: string, work: () => Promise<T>): Promise<T> {
    if (cost < brief) return work();
    if (isTooLate(cost)) throw await refusal(advice);
    if (cost < short) return work();
    const came = performance.now();
    await turnOf(cost);
    try {
      const began = performance.now();
      // Work before it took longer than expected, or overtook it. It has waited, so the refusal is not held.
      if (began - came + (cost * pace()) / 1000 > most) throw tooLong(advice);
      const answer = await work();
      last = performance.now();
      expected = memory * expected + cost;
      taken = memory * taken + (last - began) * 1000;
      return answer;
    } finally {
      running = waiting.shift();
      running?.begin();
    }
  }

  return Object.assign(queue, {
    async assertRoom(cost: number, advice: string): Promise<void> {
      if (isTooLate(cost)) throw await refusal(advice);
    },
  });
}
