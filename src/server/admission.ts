import { Problem, unavailable } from '../contract/problem.ts';

// As many works at once as there are connections; the others wait in turn, and what would wait too long is refused at once.
// So under any load the work that is begun ends in time, and the memory of what waits is bounded.

export interface Admission {
  /**
   * Runs `work` in its turn. What has `begun` goes on before all that has not, and is never refused: what was done for it
   * would be in vain.
   *
   * @throws Problem 503 where the turn would come too late, 499 where `signal` says first that the client is gone
   */
  admit<T>(work: () => Promise<T>, options: { begun: boolean; signal?: AbortSignal }): Promise<T>;
  /** Whether new work would be refused now. */
  full(): boolean;
  /** How many wait. */
  waiting(): number;
  /** How many were refused so far. */
  refused(): number;
  /** Refuses, and counts it. */
  refuse(): Problem;
}

/** The most that wait, however fast they are: what waits takes memory. */
const most = 1000;
/** How fast the queue moves is averaged over so many. */
const remembered = 50;
/** ms that each in the queue is presumed to wait longer than the one before, until that is known. */
const presumed = 5;

/** What is refused. */
export const busy = unavailable('The server is busy: try again later.');
/** No client reads it. */
export const gone = new Problem(499, 'The client went away.');

/** `slots` works at once. `limit`: the ms that new work waits at most; it is refused where half of that is expected. */
export function openAdmission(slots: number, limit: number): Admission {
  const [begunFirst, others] = [new Set<() => void>(), new Set<() => void>()];
  let [running, refused] = [0, 0];
  /** ms that the first in the queue waits until it goes on, and since when the present one is the first */
  let [interval, first] = [Math.min(presumed, limit / 100), 0];

  // What keeps this process itself busy, no queue shows: since when it has not come round to this. A request that finds nothing
  // under way is no sign of that: something took long once, such as a sample that was looked at for the first time.
  let beat = performance.now();
  setInterval(() => {
    beat = performance.now();
  }, limit / 10).unref();

  const full = () =>
    others.size >= most ||
    others.size * interval > limit / 2 ||
    (running > 0 && performance.now() - beat > limit / 2 + limit / 10);

  function refuse(): Problem {
    refused += 1;
    return busy;
  }

  /** Waits for a slot that another work hands over. */
  function turn(queue: Set<() => void>, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const left = () => end(() => reject(gone));
    // Where the database hangs no slot becomes free, and the expectation was wrong.
    const late = setTimeout(() => end(() => reject(refuse())), limit);
    const end = (how: () => void) => {
      queue.delete(start);
      clearTimeout(late);
      signal?.removeEventListener('abort', left);
      how();
    };
    const start = () => end(resolve);
    signal?.addEventListener('abort', left);
    if (others.size === 0) first = performance.now();
    queue.add(start);
    return promise;
  }

  function handOver(): void {
    const [begun] = begunFirst;
    const [next] = others;
    if (begun) begun();
    else if (next) {
      const now = performance.now();
      interval += (now - first - interval) / remembered;
      first = now;
      next();
    } else running -= 1;
  }

  return {
    async admit(work, { begun, signal }) {
      if (signal?.aborted) throw gone;
      if (!begun && full()) throw refuse();
      if (running < slots) running += 1;
      else await turn(begun ? begunFirst : others, signal);
      try {
        return await work();
      } finally {
        handOver();
      }
    },
    full,
    waiting: () => begunFirst.size + others.size,
    refused: () => refused,
    refuse,
  };
}
