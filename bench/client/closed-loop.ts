import type { Socket } from 'bun';
import { accessPath } from '../latency/access-path.ts';
import { answers, type Call } from './wire.ts';

/**
 * A closed loop: every user has its own connection and sends the next request as soon as the last one is answered.
 *
 * It speaks HTTP/1.1 on bare sockets, because the client shares the CPU with the server that it measures. `fetch` costs
 * 60 to 100 µs a request and k6 150 to 200, about as much as the server's own work for a page; this costs about ten.
 * floor.ts measures its cost on this machine, which is printed with the figures.
 */
export interface Looped {
  /** Every answer with the expected status, in order of completion: milliseconds, index of its call, access path. */
  samples: { ms: number; call: number; accessPath: string | null }[];
  failures: { call: number; why: string }[];
  seconds: number;
  /** Processor time of this process, in µs a request. */
  clientMicros: number;
}

export interface Loop {
  users: number;
  /** Ends at the first limit reached, once the requests in flight are answered. */
  seconds?: number;
  requests?: number;
}

/** The server will close the connection: any further request on it would be lost. */
const closing = /\r\nconnection: *close/i;

/** Whether a request failed because its connection was closed before an answer. */
export const isReset = (why: string): boolean => why === wasClosed || why.includes('ECONNRESET');

const wasClosed = 'the connection was closed';

/** Seconds after which a request counts as unanswered. */
const patience = 60;

/** Sends `calls` in turn, over and over. `base` is `http://HOST:PORT`. */
export async function closedLoop(base: string, calls: readonly Call[], loop: Loop): Promise<Looped> {
  const { users, seconds = Number.POSITIVE_INFINITY, requests = Number.POSITIVE_INFINITY } = loop;
  const { hostname, port } = new URL(base);
  const samples: Looped['samples'] = [];
  const failures: Looped['failures'] = [];
  const used = process.cpuUsage();
  const began = performance.now();
  const until = began + seconds * 1000;
  let sent = 0;

  const next = () => (sent < requests && performance.now() < until ? sent++ % calls.length : null);
  const done = (index: number, ms: number, status: number, head: string) => {
    if (status === calls[index]!.status) samples.push({ ms, call: index, accessPath: accessPath(head) });
    else failures.push({ call: index, why: `status ${status}` });
  };
  const lost = (index: number, why: string) => failures.push({ call: index, why });
  const address = { hostname, port: Number(port) };
  await Promise.all(Array.from({ length: users }, () => user(address, calls, { next, done, lost })));

  const { user: inUser, system } = process.cpuUsage(used);
  return {
    samples,
    failures,
    seconds: (performance.now() - began) / 1000,
    clientMicros: (inUser + system) / Math.max(1, sent),
  };
}

interface Book {
  /** The next call, or null at the end. */
  next: () => number | null;
  done: (call: number, ms: number, status: number, head: string) => void;
  lost: (call: number, why: string) => void;
}

/** One user until the end. If its connection breaks, the request in flight fails and a new one is opened. */
async function user(address: { hostname: string; port: number }, calls: readonly Call[], book: Book) {
  while (await onConnection(address, calls, book));
}

/** True if the connection broke or the server closed it before the end. */
function onConnection(address: { hostname: string; port: number }, calls: readonly Call[], book: Book) {
  return new Promise<boolean>((resolve, reject) => {
    const reader = answers();
    let under: number | null = null;
    let since = 0;

    const send = (socket: Socket) => {
      under = book.next();
      if (under === null) {
        socket.end();
        return resolve(false);
      }
      const { bytes } = calls[under]!;
      since = performance.now();
      socket.timeout(patience);
      // The socket's buffer is empty and far larger than a request.
      if (socket.write(bytes) < bytes.length) broken(socket, 'the request could not be sent');
    };
    const broken = (socket: Socket, why: string) => {
      if (under === null) return;
      book.lost(under, why);
      under = null;
      socket.terminate();
      resolve(true);
    };

    Bun.connect({
      ...address,
      socket: {
        open: send,
        data(socket, piece) {
          if (under === null) return;
          try {
            const status = reader.take(piece);
            if (status === null) return;
            book.done(under, performance.now() - since, status, reader.head());
            if (!closing.test(reader.head())) return send(socket);
            under = null;
            socket.end();
            resolve(true);
          } catch (error) {
            broken(socket, (error as Error).message);
          }
        },
        close: (socket) => broken(socket, wasClosed),
        error: (socket, error) => broken(socket, error.message),
        timeout: (socket) => broken(socket, `no answer for ${patience} s`),
      },
    }).catch(reject);
  });
}
