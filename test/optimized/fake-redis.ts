import type { Remote } from '../../src/optimized/redis.ts';

/** What several caches share, in memory: entries by generation, and news of a new one. `pause` delays each command. */
export function fakeRedis(pause: () => Promise<unknown> = async () => {}) {
  const entries = new Map<string, string>();
  const listeners: (() => void)[] = [];
  let generation = 0;
  const redis = {
    down: false,
    reads: 0,
    writes: 0,
    timeouts: [] as number[],
    connect: (): Remote => ({
      async read(key) {
        redis.reads += 1;
        await pause();
        if (redis.down) return null;
        const found = { text: entries.get(`${generation} ${key}`) ?? null, generation: String(generation) };
        await pause();
        return found;
      },
      async write(key, begun, text, timeout) {
        redis.writes += 1;
        redis.timeouts.push(timeout);
        await pause();
        if (!redis.down) entries.set(`${begun} ${key}`, text);
      },
      async invalidate() {
        generation += 1;
        // At once for everybody; how long it really takes is measured with real processes.
        for (const listener of listeners) listener();
        await pause();
      },
      onInvalidation: (listener) => void listeners.push(listener),
      alive: () => !redis.down,
      close: async () => {},
    }),
  };
  return redis;
}
