import { ErrorReply } from 'redis';
import { redisClients } from '../../server/redis-clients.ts';
import { readRedisUrl } from '../../server/redis-url.ts';

// The cache layer that all server processes share, and the channel on which they announce changes to each other. Redis may hang,
// vanish and come back at any moment: no request waits for it longer than `patience`, and it is used only while it is known to
// work. Nothing here decides whether an entry is still valid; the reader that finds it does.

export interface Remote {
  /** The text under `key`; null if there is none, or Redis is not reliable. Never throws. */
  read(key: string): Promise<string | null>;
  /** Keeps a text for `seconds`. Never waits, never throws. */
  write(key: string, text: string, seconds: number): void;
  /** Sends a message to the other processes. Never waits, never throws. */
  publish(message: string): void;
  /** Calls `listener` with each message. */
  onMessage(listener: (message: string) => void): void;
  /** Whether a message arrived recently, so that those of others would have arrived too. */
  alive(): boolean;
  /** Whether Redis answered the last command. */
  answers(): boolean;
  close(): Promise<void>;
}

/** ms that a request waits for Redis before it goes on without. */
const patience = 50;
/** ms between heartbeats on the channel; `silence`: ms without a message until it counts as silent. */
const beat = 250;
const silence = 1000;

const life = '[]';
/** The prefix of a message that announces a new entry. */
const kept = '+';

/**
 * Connects to Redis at `url` (redis-url.ts); `scope` keeps different databases apart. Without a Redis, it acts as an empty layer. No entry
 * is written for longer than `lifetime` seconds, so a process that has listened for that long requests only entries that it has heard of.
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
      // A refusal, as by a full Redis, is an answer.
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
  // During the gap others may have written entries.
  redis.onGap(known.forget);
  const connected = redis.connect(channel, (message) => {
    if (performance.now() - heard > silence) known.forget();
    heard = performance.now();
    if (message.startsWith(kept)) known.add(message.slice(kept.length));
    else if (message !== life) listener(message);
  });
  connected.catch(() => {});
  await Promise.race([connected, Bun.sleep(patience)]).catch(() => {});

  // One heartbeat at a time: a Redis that hangs must not get thousands when it goes on.
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
    // Even an answer that came too late for a request shows that Redis is reliable again.
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

/** The names of entries that may exist, complete after a lifetime of listening. A failed GET is the largest cost of a miss. */
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
