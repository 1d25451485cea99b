import { Problem } from '../../contract/problem.ts';

// An exact count reads every match. Those that take long go one after the other, so that several at once take no more than
// one processor from the lists; and what cannot be answered in time is refused at once.

/** µs; what takes less is not worth a queue. */
const short = 20_000;

export type CountQueue = ReturnType<typeof countQueue>;

/**
 * A queue of counts that take long.
 *
 * @param limit ms that a count and those before it may be expected to take; 0 for no limit
 */
export function countQueue(limit: number) {
  let expected = 0;
  let last: Promise<unknown> = Promise.resolve();
  /**
   * Runs `work`, which is expected to take `cost` µs, when its turn has come.
   *
   * @throws Problem 503, at once, where its turn would come too late
   */
  return async function counted<T>(cost: number, work: () => Promise<T>): Promise<T> {
    if (cost < short) return work();
    if (limit > 0 && expected + cost > limit * 1000)
      throw new Problem(
        503,
        'Counting exactly would take too long now: ask for count=estimated or count=none.',
        {
          headers: { 'retry-after': '1' },
        },
      );
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
