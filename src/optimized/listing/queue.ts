import { setTimeout } from 'node:timers/promises';
import { type Problem, unavailable } from '../../contract/problem.ts';

// An exact count reads every match, a list by relevance ranks every match, and a list that no index suits reads the table. Those
// that take long go one after the other, so that several at once take no more than one processor, and one connection, from the
// other lists; and what cannot be answered in time is refused at once. A shorter one goes before a longer one that came shortly before.

/** µs; what takes less is not worth a queue. */
export const short = 20_000;

export interface Queue {
  /** Runs `work`, which is expected to take `cost` µs, in its turn. Throws a Problem 503 with `advice` where it comes too late. */
  <T>(cost: number, advice: string, work: () => Promise<T>): Promise<T>;
  /** Throws the same where work that is expected to take `cost` µs would come too late now. */
  assertRoom(cost: number, advice: string): Promise<void>;
}

/**
 * ms that a refusal is held: to estimate a request takes half a millisecond of the one thread, and a few clients that ask again as
 * soon as they are refused would take all of it.
 */
const held = 50;

/** ms that something may be expected to take while other requests wait for a connection. */
const limitWhenBusy = 500;

/** Something goes before what came earlier by up to so many times their difference in cost. With 8, long ones came 2 s after the limit. */
const precedence = 2;

/** Of what past answers say of the machine's pace, so much remains after one more; and nothing so many ms after the last. */
const memory = 0.9;
const forgotten = 3_000;
/** One that takes longer than so many times what was expected says more of the estimate than of the machine. */
const slowest = 4;

interface Turn {
  /** expected µs */
  cost: number;
  /** ms; the earliest is next */
  due: number;
  begin(): void;
}

/**
 * A queue for what takes long. What something is expected to take is corrected by what the last answers took, since the machine may be
 * slower than the one of `npm run calibrate`, or busy.
 *
 * @param limit ms that something and all before it may be expected to take; 0 for no limit
 * @param isBusy whether other requests wait for a connection
 */
export function openQueue(limit: number, isBusy = () => false): Queue {
  let running: Turn | undefined;
  const waiting: Turn[] = [];
  // µs that the last answers were expected to take, and took.
  let [expected, taken, last] = [short, short, 0];

  /** How many times as long as expected something takes. Only answers show it: without one for a while the next is let through. */
  const pace = () =>
    performance.now() - last > forgotten ? 1 : Math.min(slowest, Math.max(1, taken / expected));

  const dueOf = (cost: number) => performance.now() + (precedence * cost) / 1000;

  const isTooLate = (cost: number) => {
    const most = Math.min(
      limit || Number.POSITIVE_INFINITY,
      isBusy() ? limitWhenBusy : Number.POSITIVE_INFINITY,
    );
    const due = dueOf(cost);
    const before = waiting.filter((one) => one.due <= due).reduce((sum, one) => sum + one.cost, 0);
    return cost >= short && ((running?.cost ?? 0) + before + cost) * pace() > most * 1000;
  };

  async function refusal(advice: string): Promise<Problem> {
    await setTimeout(held);
    return unavailable(`This would take too long now: ${advice}.`);
  }

  /** Waits for its turn. */
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
    if (cost < short) return work();
    if (isTooLate(cost)) throw await refusal(advice);
    await turnOf(cost);
    try {
      const began = performance.now();
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
