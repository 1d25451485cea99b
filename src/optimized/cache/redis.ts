import { ErrorReply } from 'redis';
import { redisClients } from '../../server/redis-clients.ts';
import { readRedisUrl } from '../../server/redis-url.ts';

// The layer that all server processes share, and the channel on which they tell each other of changes. Redis may hang,
// vanish and come back at any moment: no request waits for it longer than `patience`, and as long as it is not known
// to work it is not asked. Nothing here says whether an entry still holds; the reader that finds it checks that.

export interface Remote {
  /** The text under `key`; null where there is none, or Redis is not to be relied on. Never throws. */
  read(key: string): Promise<string | null>;
  /** Keeps a text for so many seconds. Never waits, never throws. */
  write(key: string, text: string, seconds: number): void;
  /** Tells the other processes. Never waits, never throws. */
  publish(message: string): void;
  /** Calls `listener` with each message. */
  onMessage(listener: (message: string) => void): void;
  /** Whether the channel was heard lately, so that what others tell would have been heard too. */
  alive(): boolean;
  /** Whether Redis answered when it was last asked. */
  answers(): boolean;
  close(): Promise<void>;
}

/** ms that a request waits for Redis before it goes on without. */
const patience = 50;
/** ms between signs of life on the channel, and how long without one until it counts as silent. */
const beat = 250;
const silence = 1000;

const life = '[]';
/** Begins a message that names an entry which is kept from now on. */
const kept = '+';

/**
 * Connects to Redis at `url` (redis-url.ts); `scope` keeps different databases apart. Works, as absent, without it. No entry is written
 * for longer than `lifetime` seconds: who has listened for that long knows all there are, and asks for no other.
 */
export async function connectRedis(url: string, scope: string, lifetime: number): Promise<Remote> {
  const redis = redisClients(readRedisUrl(url)!);
  const channel = `${scope}:changes`;
  const known = createKnown(lifetime * 1000 + 1000);
  let listener = (_: string) => {};
  let heard = Number.NEGATIVE_INFINITY;
  let trusted = false;

  const within = async <T>(command: Promise<T>): Promise<T> => {
    let timer: Timer | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Redis did not answer in time')), patience);
    });
    try {
      return await Promise.race([command, late]);
    } catch (error) {
      // Refused, as a full Redis does, is answered.
      if (!(error instanceof ErrorReply)) trusted = false;
      throw error;
    } finally {
      clearTimeout(timer);
      command.catch(() => {});
    }
  };
  const usable = () => trusted && redis.isReady();

  redis.onError(() => {
    trusted = false;
  });
  // While it was away others may have written.
  redis.onGap(known.forget);
  const connected = redis.connect(channel, (message) => {
    if (performance.now() - heard > silence) known.forget();
    heard = performance.now();
    if (message.startsWith(kept)) known.add(message.slice(kept.length));
    else if (message !== life) listener(message);
  });
  connected.catch(() => {});
  await Promise.race([connected, Bun.sleep(patience)]).catch(() => {});

  // One question at a time: a Redis that hangs must not find thousands when it goes on.
  let waiting = false;
  const beatOnce = async () => {
    if (waiting || !redis.isReady()) return;
    waiting = true;
    const sent = redis.publish(channel, life);
    const answered = sent.finally(() => {
      waiting = false;
    });
    answered.catch(() => {});
    await within(sent).catch(() => {});
    // It may have come too late for a request, and be reliable again.
    await answered.then(
      () => {
        trusted = true;
      },
      () => {},
    );
  };
  const heart = setInterval(beatOnce, beat);
  redis.onReady(beatOnce);
  await Promise.race([connected.then(beatOnce), Bun.sleep(2 * patience)]);

  return {
    async read(key) {
      if (!usable() || !known.has(nameOf(key))) return null;
      return within(redis.get(`${scope}:${key}`)).catch(() => null);
    },
    write(key, text, seconds) {
      if (!usable()) return;
      within(redis.set(`${scope}:${key}`, text, Math.max(1, Math.round(seconds)))).catch(() => {});
      within(redis.publish(channel, kept + nameOf(key))).catch(() => {});
    },
    publish(message) {
      if (usable()) within(redis.publish(channel, message)).catch(() => {});
    },
    onMessage(next) {
      listener = next;
    },
    alive: () => performance.now() - heard < silence,
    answers: usable,
    async close() {
      clearInterval(heart);
      redis.close();
    },
  };
}

const nameOf = (key: string) => Bun.hash(key).toString(36);

const mostKnown = 200_000;

/** The names of what may be there: of all, after a lifetime of listening. To ask for what is not there costs a miss most. */
function createKnown(lifetime: number) {
  let [recent, older] = [new Set<string>(), new Set<string>()];
  let [since, turned] = [performance.now(), performance.now()];
  const forget = () => {
    since = performance.now();
  };
  return {
    forget,
    add(name: string) {
      if (recent.size >= mostKnown) forget();
      if (performance.now() - turned > lifetime || recent.size >= mostKnown) {
        [recent, older, turned] = [new Set(), recent, performance.now()];
      }
      recent.add(name);
    },
    has: (name: string) => performance.now() - since <= lifetime || recent.has(name) || older.has(name),
  };
}
