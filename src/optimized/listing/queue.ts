import { setTimeout } from 'node:timers/promises';
import { type Problem, unavailable } from '../../contract/problem.ts';

// An exact count reads every match, a list by relevance ranks every match, and a list that no index suits reads the table. Those
// that take long go one after the other, so that several at once take no more than one processor, and one connection, from the
// other lists; and what cannot be answered in time is refused at once.

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

/**
 * A queue for what takes long.
 *
 * @param limit ms that something and all before it may be expected to take; 0 for no limit
 * @param isBusy whether other requests wait for a connection
 */
export function openQueue(limit: number, isBusy = () => false): Queue {
  let expected = 0;
  let last: Promise<unknown> = Promise.resolve();

  const isTooLate = (cost: number) => {
    const most = Math.min(
      limit || Number.POSITIVE_INFINITY,
      isBusy() ? limitWhenBusy : Number.POSITIVE_INFINITY,
    );
    return cost >= short && expected + cost > most * 1000;
  };

  async function refusal(advice: string): Promise<Problem> {
    await setTimeout(held);
    return unavailable(`This would take too long now: ${advice}.`);
  }

  async function queue<T>(cost: number, advice: string, work: () => Promise<T>): Promise<T> {
    if (cost < short) return work();
    if (isTooLate(cost)) throw await refusal(advice);
    expected += cost;
    const turn = last.then(work);
    last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      expected -= cost;
    }
  }

  return Object.assign(queue, {
    async assertRoom(cost: number, advice: string): Promise<void> {
      if (isTooLate(cost)) throw await refusal(advice);
    },
  });
}
