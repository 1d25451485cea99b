import type { Address } from '../server/connection.ts';
import type { ProfileName } from './profiles/index.ts';
import type { Answer, Order } from './worker.ts';

/** Customers per COPY. Small ranges keep the workers equally busy and the rows nearly in order on disk. */
const range = 5_000;

/**
 * Fills the three tables with the first `count` customers of the seed, with `workers` threads.
 * @param onStored receives the number of customers stored so far
 * @throws the first error of any worker; the others are then stopped
 */
export async function load(
  address: Address,
  { count, data, seed, workers }: { count: number; data: ProfileName; seed: number; workers: number },
  onStored: (count: number) => void,
): Promise<void> {
  let next = 0;
  let stored = 0;
  const threads: Worker[] = [];

  async function work(): Promise<void> {
    const thread = new Worker(new URL('./worker.ts', import.meta.url));
    threads.push(thread);
    await ask(thread, { kind: 'open', address, data, seed });
    while (next < count) {
      const start = next;
      const end = Math.min(start + range, count);
      next = end;
      await ask(thread, { kind: 'store', start, end });
      stored += end - start;
      onStored(stored);
    }
    await ask(thread, { kind: 'close' });
  }

  try {
    await Promise.all(Array.from({ length: Math.min(workers, Math.ceil(count / range)) }, work));
  } finally {
    for (const thread of threads) thread.terminate();
  }
}

function ask(thread: Worker, order: Order): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.onmessage = ({ data }: MessageEvent<Answer>) =>
      data.failed === null ? resolve() : reject(new Error(data.failed));
    thread.onerror = (event) => reject(new Error(event.message));
    thread.postMessage(order);
  });
}
