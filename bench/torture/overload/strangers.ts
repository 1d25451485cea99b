import { setPriority } from 'node:os';
import { call } from '../../client/wire.ts';
import { type Flood, type Flooded, flood } from './flood.ts';

// Strangers have processors of their own. Here theirs are the server's, so what they send comes from a process that yields to
// what answers it; else ten times the capacity would be measured on what the flood itself leaves.

interface Order {
  base: string;
  paths: string[];
  options: Flood;
}

/** 0 is that of a server, 19 the lowest. */
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
