import { connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy in front of a server. It can cut all connections, and refuse new ones for a time. */
export interface Gate {
  port: number;
  /** Cuts every connection, and refuses new ones. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

/** Opens a port on loopback that forwards to `port` there. */
export async function gateTo(port: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const gate: Gate = {
    port: 0,
    async shut() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server?.close(done));
    },
    async open() {
      server = createServer((outer) => {
        const inner = connect(port, '127.0.0.1');
        for (const [socket, other] of [
          [outer, inner],
          [inner, outer],
        ] as const) {
          sockets.add(socket);
          socket.on('error', () => {});
          socket.on('close', () => {
            sockets.delete(socket);
            other.destroy();
          });
          socket.pipe(other);
        }
      });
      await new Promise<void>((done) => server!.listen(gate.port, '127.0.0.1', done));
      gate.port = (server.address() as { port: number }).port;
    },
  };
  await gate.open();
  return gate;
}
