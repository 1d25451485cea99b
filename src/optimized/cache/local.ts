import { LRUCache } from 'lru-cache';

// The cache layer in this process: an LRU bounded in bytes. When it is full, only a key that is requested a second time may
// evict an entry, so requests that are never repeated evict nothing.

export interface Local<Value extends { text: string }, Form extends { bytes: Uint8Array }> {
  get(key: string): Value | undefined;
  /** Keeps a value, unless there is no room and `key` was not requested before; returns whether it was. */
  set(key: string, value: Value): boolean;
  delete(key: string): void;
  /** Gives the value under `key` another name, with a form of its own, for as long as it is kept. */
  name(name: string, key: string, form: Form): void;
  named(name: string): { key: string; value: Value; form: Form } | undefined;
  entries(): { count: number; bytes: number };
}

/** The most names of an entry: each is a spelling of one request, and there are endless spellings. */
const mostNames = 4;
/** Requested keys that are remembered, at most twice as many. */
const remembered = 20_000;
/** Approximate bytes that an entry or a name takes besides its texts. */
const overhead = 300;
const longestName = 1000;

export function createLocal<Value extends { text: string }, Form extends { bytes: Uint8Array }>(
  maxBytes: number,
): Local<Value, Form> {
  interface Entry {
    value: Value;
    names: Map<string, Form>;
    size: number;
  }
  const names = new Map<string, { key: string; entry: Entry }>();
  const entries = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: ({ size }) => size,
    dispose: (entry) => {
      for (const name of entry.names.keys()) names.delete(name);
    },
  });
  let [asked, askedBefore] = [new Set<string>(), new Set<string>()];

  function wasAsked(key: string): boolean {
    const was = asked.has(key) || askedBefore.has(key);
    if (asked.size >= remembered) [asked, askedBefore] = [new Set(), asked];
    asked.add(key);
    return was;
  }

  return {
    get: (key) => entries.get(key)?.value,
    set(key, value) {
      const size = overhead + key.length + bytesOf(value.text);
      const full = entries.calculatedSize + size > maxBytes && !entries.has(key);
      const was = wasAsked(key);
      if (was || !full) entries.set(key, { value, names: new Map(), size });
      return was;
    },
    delete: (key) => void entries.delete(key),
    name(name, key, form) {
      const entry = entries.peek(key);
      if (!entry || entry.names.size >= mostNames || name.length > longestName) return;
      entry.names.set(name, form);
      names.set(name, { key, entry });
      entry.size += overhead + name.length + form.bytes.length;
      entries.set(key, entry); // updates its size
    },
    named(name) {
      const found = names.get(name);
      if (!found) return undefined;
      entries.get(found.key); // marks it as used
      return { key: found.key, value: found.entry.value, form: found.entry.names.get(name)! };
    },
    entries: () => ({ count: entries.size, bytes: entries.calculatedSize }),
  };
}

// A text with any character beyond the first 256 takes two bytes for each.
const bytesOf = (text: string) => (/[\u0100-\uffff]/.test(text) ? 2 : 1) * text.length;
