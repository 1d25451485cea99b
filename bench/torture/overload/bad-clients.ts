import { connect, type Socket } from 'node:net';
import { listPath } from '../../requests.ts';
import type { Room } from '../../servers.ts';
import { type Check, createFailures } from '../check.ts';
import { watchHealth } from './health.ts';

/** Bytes by which the memory of a server may grow. */
const mostGrowth = 250 * 2 ** 20;

const get = `GET ${listPath}?page_size=100&count=none HTTP/1.1\r\nHost: x\r\n`;
const post = `POST ${listPath} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;

/** What each kind of client sends, how many there are, and the status that each must get, if any. */
const clients = {
  silent: { count: 1000, send: () => {} },
  'stops in a header': {
    count: 500,
    send: (socket: Socket) => socket.write(`${get}X-Slow: ${'a'.repeat(4000)}`),
  },
  'stops in a body': {
    count: 200,
    send: (socket: Socket) => socket.write(`${post}Content-Length: 60000\r\n\r\n{`),
  },
  'a giant header': {
    count: 20,
    send: (socket: Socket) => socket.write(`${get}X-Giant: ${'a'.repeat(1e6)}\r\n\r\n`),
    status: 431,
  },
  'a giant body': {
    count: 20,
    send: (socket: Socket) => socket.write(`${post}Content-Length: 100000000\r\n\r\n${'a'.repeat(5e6)}`),
    status: 413,
  },
  'a body without an end': {
    count: 20,
    send: (socket: Socket) =>
      socket.write(
        `${post}Transfer-Encoding: chunked\r\n\r\n${`10000\r\n${'a'.repeat(0x10000)}\r\n`.repeat(20)}`,
      ),
    status: 413,
  },
  'reads no answer': {
    count: 20,
    send: (socket: Socket) => {
      socket.pause();
      socket.write(`${get}\r\n`.repeat(300));
    },
  },
} satisfies Record<string, { count: number; send: (socket: Socket) => unknown; status?: number }>;

/** Clients that send too slowly, too much or incompletely, all at once. Others are answered as usual. */
export const badClients = (room: Room): Check => ({
  group: 'overload',
  name: `${room}: slow, silent and giant clients do not block it`,
  async run({ start, quick }) {
    const failures = createFailures();
    const server = await start(room);
    const before = server.usage()?.peakBytes ?? 0;
    const health = watchHealth(server.base);
    const sockets: Socket[] = [];
    const answered = new Map<string, number[]>();
    for (const [name, { count, send }] of Object.entries(clients)) {
      for (let n = 0; n < count; n++) sockets.push(open(server.base, name, send, answered));
      await Bun.sleep(100);
    }
    await Bun.sleep(quick ? 2_000 : 20_000);
    for (const [name, client] of Object.entries(clients)) {
      if (!('status' in client)) continue;
      const statuses = answered.get(name) ?? [];
      const right = statuses.filter((status) => status === client.status).length;
      failures.expect(
        right === client.count,
        `${name}: ${right} of ${client.count} got ${client.status}`,
        `${[...new Set(statuses)]}`,
      );
    }
    const left = sockets.slice(0, 1500).filter((socket) => !socket.destroyed).length;
    failures.expect(quick || left === 0, `${left} connections without a request are open after 20 s`);
    const { worst, failed, asked } = await health.stop();
    const lost = `${failed.length} of ${asked} health checks failed: ${[...new Set(failed)]}`;
    failures.expect(failed.length === 0, lost, server.lastWords());
    failures.expect(worst < 1_000, `the slowest health check took ${worst.toFixed(0)} ms`);
    for (const socket of sockets) socket.destroy();
    server.assertAlive();
    const grown = (server.usage()?.peakBytes ?? 0) - before;
    failures.expect(grown < mostGrowth, `${(grown / 2 ** 20).toFixed(0)} MB of memory growth`);
    return {
      counts: {
        clients: sockets.length,
        'worst /health ms': worst.toFixed(0),
        'memory growth MB': (grown / 2 ** 20).toFixed(0),
      },
      failures: failures.all(),
    };
  },
});

function open(
  base: string,
  name: string,
  send: (socket: Socket) => unknown,
  answered: Map<string, number[]>,
): Socket {
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname, () => send(socket));
  socket.on('error', () => {});
  socket.once('data', (piece) => {
    answered.set(name, [...(answered.get(name) ?? []), Number(piece.toString('latin1', 9, 12))]);
  });
  return socket;
}
