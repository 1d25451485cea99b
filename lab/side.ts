import { quieten } from '../bench/quiet.ts';
import { type Room, type RunningServer, startServer } from '../bench/servers.ts';
import type { Stage } from '../bench/stage.ts';
import { Problem } from '../src/contract/problem.ts';
import type { Sql } from '../src/server/database.ts';
import type { CacheMode, State } from './messages.ts';

/** One of the two servers: a process that can be stopped and started while the lab runs. */
export interface Side {
  room: Room;
  database: string;
  /** `word`: why a process ended on its own, or did not start. */
  status(): { state: State; cache: CacheMode; started: number; word: string | null };
  start(cache?: CacheMode): Promise<void>;
  stop(): Promise<void>;
  /** The process id; null while none runs. */
  pid(): number | null;
  /** Sends a request; `path` begins with a slash. Throws a Problem 502 if the server does not run or answer. */
  send(path: string, signal: AbortSignal): Promise<Response>;
  /** Cancels the running statements of the server when no client waits for them any more. */
  quieten(): Promise<void>;
}

/** A side that is not started yet. `admin` is a connection to another database of the same PostgreSQL. */
export function createSide(
  room: Room,
  { db, environment }: Pick<Stage, 'db' | 'environment'>,
  admin: Sql,
): Side {
  const database = `${db}_${room}`;
  let server: RunningServer | null = null;
  let state: State = 'down';
  let cache: CacheMode = 'full';
  let started = 0;
  let word: string | null = null;
  // One command after the other: a stop during a start ends in a stopped server.
  let order: Promise<void> = Promise.resolve();
  const inOrder = (work: () => Promise<void>) => {
    order = order.then(work);
    return order;
  };

  const side: Side = {
    room,
    database,
    status() {
      try {
        if (state === 'up') server!.assertAlive();
      } catch (error) {
        state = 'ended';
        word = (error as Error).message;
      }
      return { state, cache, started, word };
    },
    start: (mode = cache) =>
      inOrder(async () => {
        if (side.status().state === 'up') await end();
        cache = mode;
        state = 'starting';
        word = null;
        try {
          server = await startServer(room, { ...environment, CACHE: mode });
          await warmUp(server.base);
          started++;
          state = 'up';
        } catch (error) {
          state = 'ended';
          word = (error as Error).message;
        }
      }),
    stop: () =>
      inOrder(async () => {
        if (side.status().state === 'up') await end();
        state = 'down';
        word = null;
      }),
    pid: () => (side.status().state === 'up' ? server!.pid : null),
    async send(path, signal) {
      if (side.status().state !== 'up') throw new Problem(502, `The ${room} server does not run.`);
      try {
        return await fetch(server!.base + path, { signal, keepalive: true });
      } catch (error) {
        if (signal.aborted) throw error;
        throw new Problem(502, `The ${room} server does not answer: ${(error as Error).message}`);
      }
    },
    quieten: () => quieten(admin, database),
  };

  async function end(): Promise<void> {
    state = 'stopping';
    await side.quieten();
    await server!.stop();
    server = null;
  }
  return side;
}

// The first requests of a new process are slow, and must not count as its speed.
async function warmUp(base: string): Promise<void> {
  for (const size of [1, 2, 3])
    await (await fetch(`${base}/api/v1/customers?count=none&page_size=${size}`)).text();
}
