import { Problem } from '../../contract/problem.ts';

// An exact count reads every match, and a list by relevance ranks every match. Those that take long go one after the other,
// so that several at once take no more than one processor from the other lists; and what cannot be answered in time is
// refused at once.

/** µs; what takes less is not worth a queue. */
export const short = 20_000;

/** Runs `work`, which is expected to take `cost` µs, in its turn. Throws a Problem 503 with `advice` where it comes too late. */
export type Queue = <T>(cost: number, advice: string, work: () => Promise<T>) => Promise<T>;

/**
 * A queue for what takes long.
 *
 * @param limit ms that something and all before it may be expected to take; 0 for no limit
 */
export function openQueue(limit: number): Queue {
  let expected = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (cost, advice, work) => {
    if (cost < short) return work();
    if (limit > 0 && expected + cost > limit * 1000)
      throw new Problem(503, `This would take too long now: ${advice}.`, { headers: { 'retry-after': '1' } });
    expected += cost;
    const turn = last.then(work);
    last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      expected -= cost;
    }
  };
}
