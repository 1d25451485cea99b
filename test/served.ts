import { afterAll, beforeAll } from 'bun:test';
import { type RunningServer, startServer } from '../bench/servers.ts';
import { type Copy, copyOf, environmentOf, type Kind, within } from './cluster.ts';
import { insertPeople } from './contract/people.ts';

/** A server as a separate process with a port, for the tests of a block, and its database with some customers. */
export function useServer(kind: Kind): { server: () => RunningServer; copy: () => Copy } {
  let copy: Copy;
  let server: RunningServer;
  beforeAll(async () => {
    copy = await copyOf(kind);
    await within(copy.name, insertPeople);
    server = await startServer(kind, environmentOf(copy));
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await copy?.drop();
  }, 60_000);
  return { server: () => server, copy: () => copy };
}
