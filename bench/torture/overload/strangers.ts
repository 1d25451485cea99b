import { setPriority } from 'node:os';
import { call } from '../../client/wire.ts';
import { type Flood, type Flooded, flood } from './flood.ts';

// Real clients have their own processors. Here they share the server's, so the flood comes from a process of lower
// priority. Otherwise ten times the capacity would be measured on what the flood leaves.

interface Order {
  base: string;
  paths: string[];
  options: Flood;
}

/** 0 is a server's, 19 the lowest. */
const niceness = 10;

/** The same as `flood`, from a process of a lower priority. */
export async function floodByStrangers(order: Order): Promise<Flooded> {
  const { promise, resolve } = Promise.withResolvers<Flooded>();
  const child = Bun.spawn([process.execPath, import.meta.path], {
    stdio: ['ignore', 'ignore', 'inherit'],
    serialization: 'advanced',
    ipc: (message: Flooded) => resolve(message),
  });
  child.send(order);
  const failed = child.exited.then((code) => {
    throw new Error(`the flood ended with code ${code}`);
  });
  const flooded = await Promise.race([promise, failed]);
  failed.catch(() => {});
  child.kill();
  return flooded;
}

if (import.meta.main) {
  setPriority(niceness);
  process.on('message', async ({ base, paths, options }: Order) => {
    const calls = paths.map((path) => call(path));
    process.send!(await flood(base, calls, options));
  });
}
