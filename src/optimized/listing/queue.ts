import { unavailable } from '../../contract/problem.ts';

// An exact count reads every match, a list by relevance ranks every match, and a list that no index suits reads the table. Those
// that take long go one after the other, so that several at once take no more than one processor, and one connection, from the
// other lists; and what cannot be answered in time is refused at once.

/** µs; what takes less is not worth a queue. */
export const short = 20_000;

export interface Queue {
  /** Runs `work`, which is expected to take `cost` µs, in its turn. Throws a Problem 503 with `advice` where it comes too late. */
  <T>(cost: number, advice: string, work: () => Promise<T>): Promise<T>;
  /** Throws a Problem 503 shortly after another one was refused. */
  assertOpen(): void;
}

/**
 * ms after a refusal in which no other request that may take long is estimated: to estimate one takes 2 ms, and where
 * hundreds came in a second to be refused, all other lists waited for that.
 */
const pause = 25;

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
  let refused = Number.NEGATIVE_INFINITY;

  async function queue<T>(cost: number, advice: string, work: () => Promise<T>): Promise<T> {
    if (cost < short) return work();
    const most = Math.min(
      limit || Number.POSITIVE_INFINITY,
      isBusy() ? limitWhenBusy : Number.POSITIVE_INFINITY,
    );
    if (expected + cost > most * 1000) {
      refused = performance.now();
      throw unavailable(`This would take too long now: ${advice}.`);
    }
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
    assertOpen() {
      if (performance.now() - refused < pause)
        throw unavailable('Too many requests that take long wait already: ask for no count or rank.');
    },
  });
}
