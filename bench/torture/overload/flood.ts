import type { Socket } from 'bun';
import { answers, type Call } from '../../client/wire.ts';

/** An open loop: requests come at a fixed rate, whether or not earlier ones are answered. */
export interface Flood {
  /** requests a second */
  rate: number;
  /** each carries one request at a time; if none is free, a request is not sent */
  connections: number;
  seconds: number;
}

export interface Flooded {
  sent: number;
  /** due but not sent, because every connection was waiting */
  held: number;
  /** answers by status; 0 if the connection broke */
  statuses: Map<number, number>;
  /** ms of the answers with the expected status, and of the 503 */
  accepted: number[];
  shed: number[];
  /** seconds of sending, without the wait for the last answers */
  seconds: number;
}

/** ms between two checks for due requests. */
const tick = 2;
/** ms to wait for the last answers. */
const patience = 10_000;

/** Sends `calls` in turn, over bare sockets, since the client shares its processors with the server. */
export async function flood(
  base: string,
  calls: readonly Call[],
  { rate, connections, seconds }: Flood,
): Promise<Flooded> {
  const { hostname, port } = new URL(base);
  const result: Flooded = { sent: 0, held: 0, statuses: new Map(), accepted: [], shed: [], seconds: 0 };
  const idle: User[] = [];
  const done = (call: Call, status: number, ms: number) => {
    result.statuses.set(status, (result.statuses.get(status) ?? 0) + 1);
    if (status === call.status) result.accepted.push(ms);
    else if (status === 503) result.shed.push(ms);
  };
  const users = await Promise.all(
    Array.from({ length: connections }, () => connectUser({ hostname, port: Number(port) }, idle, done)),
  );
  const began = performance.now();
  let due = 0;
  while (performance.now() - began < seconds * 1000) {
    const until = ((performance.now() - began) / 1000) * rate;
    for (; due < until; due++) {
      const user = idle.pop();
      if (!user) result.held += 1;
      else user.send(calls[result.sent++ % calls.length]!);
    }
    await Bun.sleep(tick);
  }
  const late = performance.now() + patience;
  while (idle.length < connections && performance.now() < late) await Bun.sleep(tick);
  result.seconds = seconds;
  for (const user of users) user.end();
  return result;
}

interface User {
  send(call: Call): void;
  end(): void;
}

async function connectUser(
  address: { hostname: string; port: number },
  idle: User[],
  done: (call: Call, status: number, ms: number) => void,
): Promise<User> {
  let reader = answers();
  let under: { call: Call; since: number } | null = null;
  let ended = false;
  let socket: Socket;
  const finish = (status: number) => {
    if (!under) return;
    done(under.call, status, performance.now() - under.since);
    under = null;
    idle.push(user);
  };
  const open = () =>
    Bun.connect({
      ...address,
      socket: {
        data(_, piece) {
          const status = reader.take(piece);
          if (status !== null) finish(status);
        },
        close: () => void broken(),
        error: () => {},
      },
    });
  // A server may close a connection between two answers. A request in flight on it is lost.
  async function broken() {
    if (ended) return;
    reader = answers();
    const lost = under !== null;
    socket = await open();
    if (lost) finish(0);
  }
  const user: User = {
    send(call) {
      under = { call, since: performance.now() };
      socket.write(call.bytes);
    },
    end() {
      ended = true;
      socket.end();
    },
  };
  socket = await open();
  idle.push(user);
  return user;
}
