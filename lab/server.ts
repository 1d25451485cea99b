import type { Room } from '../bench/servers.ts';
import type { Stage } from '../bench/stage.ts';
import { Problem } from '../src/contract/problem.ts';
import { connect } from '../src/server/database.ts';
import { createLoad } from './load.ts';
import { type CacheMode, caches, type Reading, rates, rooms } from './messages.ts';
import page from './page/index.html';
import { explain } from './plans.ts';
import { createReadings } from './readings.ts';
import { createSide } from './side.ts';

export interface Lab {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** The process id of a server; null while none runs. */
  pid(room: Room): number | null;
  stop(): Promise<void>;
}

const list = '/api/v1/customers';

/**
 * Starts both servers and serves the page; `port` 0 takes any free one. Only this machine can reach it: the page can
 * stop servers and put load on them.
 */
export async function serveLab(stage: Stage, port: number): Promise<Lab> {
  const { services, customers } = stage;
  const admin = connect(services.postgres, 'postgres', { pool: 2 });
  const sides = {
    naive: createSide('naive', stage, admin),
    optimized: createSide('optimized', stage, admin),
  };
  const load = createLoad(sides);
  const read = (): Reading => ({
    at: Date.now(),
    customers,
    load: load.now(),
    sides: {
      naive: { ...sides.naive.status(), ...load.read('naive') },
      optimized: { ...sides.optimized.status(), ...load.read('optimized') },
    },
  });
  // Without an open page, the load has no use.
  const readings = createReadings(read, () => void load.set(0, load.now().rooms));
  const asking: Record<Room, Set<Promise<unknown>>> = { naive: new Set(), optimized: new Set() };
  const settled: Record<Room, Promise<void>> = { naive: Promise.resolve(), optimized: Promise.resolve() };

  /** Forwards a request. If the page stops waiting, its statements are cancelled, or they would slow down the next. */
  async function ask(room: Room, request: Request): Promise<Response> {
    await settled[room];
    const began = performance.now();
    const answer = readAnswer(sides[room].send(list + new URL(request.url).search, request.signal));
    asking[room].add(answer);
    try {
      const { status, headers, text } = await answer;
      return new Response(text, {
        status,
        headers: [...headers, ['lab-time', (performance.now() - began).toFixed(3)]],
      });
    } finally {
      asking[room].delete(answer);
      const free = asking[room].size === 0 && !load.isOn(room);
      if (request.signal.aborted && free) settled[room] = sides[room].quieten().catch(() => {});
    }
  }

  const server = Bun.serve({
    port,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    development: false,
    routes: {
      '/': page,
      '/ask/:room': { GET: (request) => answering(() => ask(roomOf(request.params.room), request)) },
      '/plan/:room': {
        GET: (request) =>
          answering(async () => {
            const room = roomOf(request.params.room);
            const { database } = sides[room];
            return Response.json(
              await explain(room, request.url, services.postgres, database, request.signal),
            );
          }),
      },
      '/readings': { GET: (request) => readings.open(request) },
      '/load': {
        PUT: (request) =>
          answering(async () => {
            const { rate, rooms: to } = await orderOf<{ rate: number; rooms: Room[] }>(request);
            if (!(rates as readonly number[]).includes(rate) || !Array.isArray(to))
              throw new Problem(422, 'Not a load.');
            await load.set(
              rate,
              rooms.filter((room) => to.includes(room)),
            );
            return Response.json(load.now());
          }),
      },
      '/servers/:room': {
        PUT: (request) =>
          answering(async () => {
            const side = sides[roomOf(request.params.room)];
            const { run, cache } = await orderOf<{ run: boolean; cache?: CacheMode }>(request);
            if (cache !== undefined && !caches.includes(cache)) throw new Problem(422, 'No such cache.');
            await (run ? side.start(cache) : side.stop());
            return Response.json(side.status());
          }),
      },
    },
    fetch: () => new Problem(404, 'There is nothing at this address.').response(),
  });

  await Promise.all(rooms.map((room) => sides[room].start()));
  return {
    url: `http://127.0.0.1:${server.port}`,
    pid: (room) => sides[room].pid(),
    async stop() {
      readings.close();
      await load.set(0, []).catch(() => {});
      await server.stop(true);
      await Promise.all(rooms.map((room) => sides[room].stop()));
      await admin.end({ timeout: 1 });
    },
  };
}

async function readAnswer(sent: Promise<Response>) {
  const response = await sent;
  const passed = ['content-type', 'cache-status'].flatMap((name): [string, string][] => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { status: response.status, headers: passed, text: await response.text() };
}

const roomOf = (name: string): Room => {
  const room = rooms.find((each) => each === name);
  if (!room) throw new Problem(404, `There is no server ${name}.`);
  return room;
};

/** The JSON of a command. Pages of other origins cannot send this content type without a CORS preflight. */
async function orderOf<Order>(request: Request): Promise<Partial<Order> & Order> {
  if (request.headers.get('content-type') !== 'application/json')
    throw new Problem(415, 'The body must be JSON.');
  return (await request.json()) as Order;
}

async function answering(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) return error.response();
    return new Problem(500, (error as Error).message).response();
  }
}
