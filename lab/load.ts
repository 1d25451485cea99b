import { mixedRequests } from '../bench/generate/mixed.ts';
import type { GeneratedRequest } from '../bench/requests.ts';
import type { Room } from '../bench/servers.ts';
import { quantile } from '../bench/statistics.ts';
import { readVocabulary } from '../bench/vocabulary.ts';
import { type Measured, rooms } from './messages.ts';
import type { Side } from './side.ts';

// Requests at a constant rate, whether earlier ones are answered or not: a client that waits for responses sends fewer
// requests to a slow server. A latency counts from when the request was due. This is for viewing; k6 measures.

export interface Load {
  /** Sends `rate` requests a second to each of `to`. A server no longer in `to` has its requests and statements cancelled. */
  set(rate: number, to: Room[]): Promise<void>;
  now(): { rate: number; rooms: Room[] };
  isOn(room: Room): boolean;
  /** The results since the last call. */
  read(room: Room): Measured;
}

/** Maximum in-flight requests per server; further due requests are dropped. */
const mostWaiting = 24;
const tick = 20;

interface Counts {
  latencies: number[];
  failed: number;
  dropped: number;
  waiting: number;
  under: AbortController;
}

/** A load that is off. Its requests are those of the mixed load of k6. */
export function createLoad(sides: Record<Room, Side>): Load {
  const counts = Object.fromEntries(
    rooms.map((room) => [
      room,
      { latencies: [], failed: 0, dropped: 0, waiting: 0, under: new AbortController() },
    ]),
  ) as unknown as Record<Room, Counts>;
  let now: { rate: number; rooms: Room[] } = { rate: 0, rooms: [...rooms] };
  const isOn = (room: Room) => now.rate > 0 && now.rooms.includes(room);
  let list: GeneratedRequest[] | null = null;
  let next = 0;
  let timer: Timer | undefined;
  let order: Promise<void> = Promise.resolve();

  async function send(room: Room, path: string, due: number): Promise<void> {
    const count = counts[room];
    const { signal } = count.under;
    count.waiting += 1;
    try {
      const answer = await sides[room].send(path, signal);
      await answer.arrayBuffer();
      if (answer.ok) count.latencies.push(performance.now() - due);
      else count.failed += 1;
    } catch {
      if (!signal.aborted) count.failed += 1;
    } finally {
      count.waiting -= 1;
    }
  }

  function run(): void {
    let due = performance.now();
    timer = setInterval(() => {
      for (; due <= performance.now(); due += 1000 / now.rate) {
        const { path } = list![next++ % list!.length]!;
        for (const room of now.rooms) {
          if (sides[room].status().state !== 'up') continue;
          if (counts[room].waiting >= mostWaiting) counts[room].dropped += 1;
          else void send(room, path, due);
        }
      }
    }, tick);
  }

  async function change(rate: number, to: Room[]): Promise<void> {
    const before = rooms.filter(isOn);
    clearInterval(timer);
    if (rate > 0) list ??= await readRequests(sides);
    now = { rate, rooms: to };
    if (rate > 0) run();
    await Promise.all(before.filter((room) => !isOn(room)).map(leave));
  }

  async function leave(room: Room): Promise<void> {
    counts[room].under.abort();
    counts[room].under = new AbortController();
    await sides[room].quieten();
  }

  return {
    now: () => now,
    isOn,
    set(rate, to) {
      // One after the other: a slider sends many changes.
      const changed = order.then(() => change(rate, to));
      order = changed.catch(() => {});
      return changed;
    },
    read(room) {
      const { latencies, failed, dropped, waiting } = counts[room];
      Object.assign(counts[room], { latencies: [], failed: 0, dropped: 0 });
      const answered = latencies.length;
      const at = (share: number) => (answered > 0 ? quantile(latencies, share) : null);
      return { answered, failed, dropped, waiting, p50: at(0.5), p95: at(0.95) };
    },
  };
}

/** From the optimized server, which answers sooner, or from the naive one if that does not run. */
async function readRequests({ naive, optimized }: Record<Room, Side>): Promise<GeneratedRequest[]> {
  const side = optimized.status().state === 'up' ? optimized : naive;
  const vocabulary = await readVocabulary('http://lab', 300, ({ url }) => {
    const { pathname, search } = new URL(url);
    return side.send(pathname + search, AbortSignal.timeout(60_000));
  });
  return mixedRequests(1, vocabulary, 5_000);
}
