import { noRedis, readConfig } from '../src/server/config.ts';
import { findRedisServer } from '../src/services/redis-server.ts';

// Tests that need a Redis start their own, or use the one of the run. REDIS_URL=off leaves them out.

const { redisUrl } = readConfig({ port: 0 });
const found = redisUrl === noRedis ? { missing: 'REDIS_URL is off.' } : await findRedisServer();
if ('missing' in found) console.error(`Tests that need a Redis are skipped. ${found.missing}`);

export const hasRedis = 'path' in found;

/** Waits until `check` holds, and returns the ms that it took. Fails after `most` ms. */
export async function within(most: number, check: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await check())) {
    if (performance.now() - began > most) throw new Error(`not within ${most} ms`);
    await Bun.sleep(5);
  }
  return performance.now() - began;
}
