import { Problem, unavailable } from '../contract/problem.ts';

// Admission control: as many tasks run at once as there are connections. The others queue; one that would wait too long
// is refused at once. So admitted tasks finish in time under any load, and the queue uses bounded memory.

export interface Admission {
  /**
   * Runs `work` in its turn. `begun`: earlier work was done for the same request. Such work goes before all other, and
   * is not refused on arrival, which would waste the earlier work.
   *
   * @throws Problem 503 if its turn comes too late, 499 if `signal` reports first that the client is gone
   */
  admit<T>(work: () => Promise<T>, options: { begun: boolean; signal?: AbortSignal }): Promise<T>;
  /** Whether new work would be refused now. */
  full(): boolean;
  /** Whether new work that takes long should be refused now, so that short work still finds room. */
  crowded(): boolean;
  /** Tasks in the queue. */
  waiting(): number;
  /** Refusals so far. */
  refused(): number;
  /** Counts a refusal, and returns it, the first ones a little later. */
  refuse(): Problem | Promise<Problem>;
}

/** Maximum queue length at any speed: queued tasks use memory. */
const most = 1000;
/** Departures over which the queue's speed is averaged. */
const remembered = 50;
/** ms assumed between two departures from the queue, until measured. */
const presumed = 5;

/**
 * ms that a refusal is held, and how many are held at once. A few clients that retry as soon as they are refused would take the server's
 * only thread, and the work in progress would end so late that even more is refused. Of a flood of clients most are refused at once:
 * to hold a refusal takes longer than to send it.
 */
export const held = 50;
const mostHeld = 100;

/** The error of a refused task. */
export const busy = unavailable('The server is busy: try again later.');
/** The error if the client is gone; it is not read. */
export const gone = new Problem(499, 'The client went away.');

/** `slots`: concurrent tasks. `limit`: maximum wait in ms. New work is refused if its expected wait exceeds half of it. */
export function openAdmission(slots: number, limit: number): Admission {
  // Arrays, because the tables of a Set that grew and shrank refer to each other: work that has ended stays in memory as long as one
  // of them does. That was most of the heap under load.
  const begunFirst: (() => void)[] = [];
  const others: (() => void)[] = [];
  let [running, refused] = [0, 0];
  /** ms between two departures from the queue, and when the present head became the head */
  let [interval, first] = [Math.min(presumed, limit / 100), 0];

  // Queue lengths do not show an event loop that is overloaded: `beat` is the time of its last tick, `pause` how long that one
  // took to come. One long pause is a single task that took long, such as the first evaluation of a sample; so is any if nothing runs.
  let [beat, pause] = [performance.now(), 0];
  setInterval(() => {
    const now = performance.now();
    pause = now - beat;
    beat = now;
  }, limit / 10).unref();

  /** The expected wait of new work, in ms. */
  const wait = () => others.length * interval;

  const full = () =>
    others.length >= most ||
    wait() > limit / 2 ||
    (running > 0 && Math.min(pause, performance.now() - beat) > limit / 2 + limit / 10);

  let holding = 0;
  function refuse(): Problem | Promise<Problem> {
    refused += 1;
    if (holding >= mostHeld) return busy;
    holding += 1;
    return Bun.sleep(held).then(() => {
      holding -= 1;
      return busy;
    });
  }

  /** Waits for a slot to be handed over. */
  function turn(queue: (() => void)[], signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const left = () => end(() => reject(gone));
    // If the database hangs, no slot becomes free, and the expectation was wrong.
    const tooLate = () => {
      refused += 1;
      reject(busy);
    };
    const late = setTimeout(() => end(tooLate), limit);
    const end = (how: () => void) => {
      const at = queue.indexOf(start);
      if (at < 0) return;
      queue.splice(at, 1);
      clearTimeout(late);
      signal?.removeEventListener('abort', left);
      how();
    };
    const start = () => end(resolve);
    signal?.addEventListener('abort', left);
    if (others.length === 0) first = performance.now();
    queue.push(start);
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
      if (!begun && full()) throw await refuse();
      if (running < slots) running += 1;
      else await turn(begun ? begunFirst : others, signal);
      try {
        return await work();
      } finally {
        handOver();
      }
    },
    full,
    crowded: () => wait() > limit / 4,
    waiting: () => begunFirst.length + others.length,
    refused: () => refused,
    refuse,
  };
}
