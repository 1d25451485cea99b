import { createClient } from 'redis';

// The layer that all server processes share, and the channel on which they tell each other of writes. Redis may hang,
// vanish and come back at any moment: no request waits for it longer than `patience`, and while it is not known to
// work nobody relies on it.

export interface Remote {
  /** The text under `key` and the generation it was asked in; null where Redis is not to be relied on. */
  read(key: string): Promise<{ text: string | null; generation: string } | null>;
  /** Keeps a text for `timeout` seconds that was read from the database in `generation`. Never throws. */
  write(key: string, generation: string, text: string, timeout: number): Promise<void>;
  /** Begins a new generation and tells the other processes. Never throws. */
  invalidate(): Promise<void>;
  /** Calls `listener` whenever local entries may be outdated. */
  onInvalidation(listener: () => void): void;
  /** Whether the channel was heard lately, so that a write of another process would have been heard too. */
  alive(): boolean;
  close(): Promise<void>;
}

/** ms that a request waits for Redis before it goes on without. */
const patience = 50;
/** ms between signs of life on the channel, and how long without one until it counts as silent. */
const beat = 250;
const silence = 1000;

/** Connects to Redis at `url`; `scope` keeps the entries of different databases apart. Works, as absent, without it. */
export async function connectRedis(url: string, scope: string): Promise<Remote> {
  const options = {
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 1000, reconnectStrategy: (tries: number) => Math.min(50 * 2 ** tries, 500) },
  };
  const client = createClient(options);
  const subscriber = createClient(options);
  const channel = `${scope}:writes`;
  const generationKey = `${scope}:generation`;
  let listener = () => {};
  let heard = 0;
  // Something was lost on the way to Redis, so its entries are not used until a new generation has begun there.
  let doubtful = true;

  const within = async <T>(command: Promise<T>): Promise<T> => {
    let timer: Timer | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Redis did not answer in time')), patience);
    });
    try {
      return await Promise.race([command, late]);
    } catch (error) {
      doubtful = true;
      throw error;
    } finally {
      clearTimeout(timer);
      command.catch(() => {});
    }
  };
  const renew = async () => {
    const generation = crypto.randomUUID();
    await within(client.multi().set(generationKey, generation).publish(channel, generation).exec());
    doubtful = false;
  };

  for (const one of [client, subscriber]) {
    one.on('error', () => {
      doubtful = true;
    });
    one.connect().catch(() => {});
  }
  await Promise.race([
    subscriber.subscribe(channel, (message) => {
      const wasSilent = performance.now() - heard > silence;
      heard = performance.now();
      if (wasSilent || message !== 'alive') listener();
    }),
    Bun.sleep(patience),
  ]).catch(() => {});

  const heart = setInterval(() => {
    if (!client.isReady) return;
    if (doubtful) renew().catch(() => {});
    else within(client.publish(channel, 'alive')).catch(() => {});
  }, beat);
  await renew().catch(() => {});

  return {
    async read(key) {
      if (doubtful || !client.isReady) return null;
      try {
        const [generation, entry] = await within(client.mGet([generationKey, `${scope}:${key}`]));
        if (generation == null) {
          await renew();
          return null;
        }
        const fresh = entry?.startsWith(generation) ? entry.slice(generation.length) : null;
        return { text: fresh, generation };
      } catch {
        return null;
      }
    },
    async write(key, generation, text, timeout) {
      try {
        await within(
          client.set(`${scope}:${key}`, generation + text, { expiration: { type: 'EX', value: timeout } }),
        );
      } catch {}
    },
    async invalidate() {
      doubtful = true;
      if (client.isReady) await renew().catch(() => {});
    },
    onInvalidation(next) {
      listener = next;
    },
    alive: () => performance.now() - heard < silence,
    async close() {
      clearInterval(heart);
      client.destroy();
      subscriber.destroy();
    },
  };
}
