import { LRUCache } from 'lru-cache';
import type { Remote } from './redis.ts';

// Two layers before the database: texts in this process, then Redis, which all server processes share. Knows neither
// HTTP nor SQL. Every write begins a new generation, and what was read in an old one is never found again, however
// late it is stored: the generation is taken before the reading begins.

export type Source = 'local' | 'redis' | 'joined' | 'origin' | 'off';

export interface Cache {
  /** The text for `key`, from the nearest layer that has it; `load` reads it where none has, once for all who wait. */
  get(key: string, load: () => Promise<string>): Promise<{ text: string; from: Source }>;
  /** To be called after a write is committed and before it is acknowledged: nothing older is found after it. */
  invalidate(): Promise<void>;
  entries(): { count: number; bytes: number };
}

export interface CacheOptions {
  mode: 'full' | 'redis' | 'off';
  /** null: no Redis */
  remote: Remote | null;
  /** how long an entry is used, in seconds */
  timeout: number;
  /** the most that the local layer holds */
  maxBytes?: number;
}

// Without Redis nobody tells this process of the writes of others, so it does not rely on its own memory for long.
const aloneTimeout = 1;

/** A cache with the layers that `mode` names. */
export function createCache({ mode, remote, timeout, maxBytes = 64 * 2 ** 20 }: CacheOptions): Cache {
  const local = new LRUCache<string, string>({
    maxSize: maxBytes,
    sizeCalculation: (text, key) => text.length + key.length + 100,
    ttl: 1000 * (remote ? timeout : Math.min(timeout, aloneTimeout)),
  });
  const flights = new Map<string, Promise<{ text: string; from: Source }>>();
  let generation = 0;

  const forget = () => {
    generation += 1;
    local.clear();
    flights.clear();
  };
  remote?.onInvalidation(forget);
  const usesLocal = () => mode === 'full' && (remote === null || remote.alive());

  async function fetch(key: string, load: () => Promise<string>): Promise<{ text: string; from: Source }> {
    const begun = generation;
    const shared = remote ? await remote.read(key) : null;
    const keep = (text: string) => begun === generation && usesLocal() && local.set(key, text);
    if (shared?.text != null) {
      keep(shared.text);
      return { text: shared.text, from: 'redis' };
    }
    const text = await load();
    keep(text);
    // Not awaited: the answer need not wait for it, and the generation was taken before the reading.
    if (shared) void remote?.write(key, shared.generation, text, timeout);
    return { text, from: 'origin' };
  }

  return {
    async get(key, load) {
      if (mode === 'off') return { text: await load(), from: 'off' };
      const text = usesLocal() ? local.get(key) : undefined;
      if (text !== undefined) return { text, from: 'local' };
      const flight = flights.get(key);
      if (flight) return { ...(await flight), from: 'joined' };
      const started = fetch(key, load);
      flights.set(key, started);
      try {
        return await started;
      } finally {
        if (flights.get(key) === started) flights.delete(key);
      }
    },
    async invalidate() {
      forget();
      if (mode !== 'off') await remote?.invalidate();
    },
    entries: () => ({ count: local.size, bytes: local.calculatedSize }),
  };
}
