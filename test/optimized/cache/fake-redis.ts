import type { Remote } from '../../../src/optimized/cache/redis.ts';

/** A Redis in memory that several caches share: entries and a channel. `pause` delays each command. */
export function fakeRedis(pause: () => Promise<unknown> = async () => {}) {
  const entries = new Map<string, string>();
  const listeners: ((message: string) => void)[] = [];
  const redis = {
    down: false,
    reads: 0,
    writes: 0,
    seconds: [] as number[],
    connect: (): Remote => ({
      async read(key) {
        redis.reads += 1;
        await pause();
        const found = redis.down ? null : (entries.get(key) ?? null);
        await pause();
        return found;
      },
      write(key, text, seconds) {
        redis.writes += 1;
        redis.seconds.push(seconds);
        pause().then(() => !redis.down && entries.set(key, text));
      },
      publish(message) {
        for (const listener of listeners) pause().then(() => !redis.down && listener(message));
      },
      onMessage: (listener) => void listeners.push(listener),
      alive: () => !redis.down,
      answers: () => !redis.down,
      close: async () => {},
    }),
  };
  return redis;
}
