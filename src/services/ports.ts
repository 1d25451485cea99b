import { createServer } from 'node:net';
import { ServiceError } from './fault.ts';

/**
 * The first port on 127.0.0.1, from `from` on, that no process listens on. Another program may take it before the
 * caller does, so the caller must be ready to retry.
 */
export async function freePort(from: number): Promise<number> {
  for (let port = from; port < from + 200 && port <= 65_535; port++) {
    if (await isFree(port)) return port;
  }
  throw new ServiceError(`No port from ${from} to ${from + 199} is free on 127.0.0.1.`);
}

export function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}
