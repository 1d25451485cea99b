import { LRUCache } from 'lru-cache';

// The layer in this process: bounded in bytes, the least recently used goes first. When it is full, only what is asked
// for a second time may take the place of something: many requests that are never repeated evict nothing.

export interface Local<Value extends { text: string }, Form extends { bytes: Uint8Array }> {
  get(key: string): Value | undefined;
  /** Keeps a value, unless there is no room and `key` was never asked for before; whether it was. */
  set(key: string, value: Value): boolean;
  delete(key: string): void;
  /** Gives the value under `key` another name, for as long as it is kept, and remembers what it looks like there. */
  name(name: string, key: string, form: Form): void;
  named(name: string): { key: string; value: Value; form: Form } | undefined;
  entries(): { count: number; bytes: number };
}

/** Names that an entry can have: each is a spelling of one request, of which there is no end. */
const mostNames = 4;
/** Keys that are remembered as asked for, twice as many at the most. */
const remembered = 20_000;
/** Bytes that an entry or a name takes beside its texts, about. */
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
      entries.set(key, entry); // weighed again
    },
    named(name) {
      const found = names.get(name);
      if (!found) return undefined;
      entries.get(found.key); // used
      return { key: found.key, value: found.entry.value, form: found.entry.names.get(name)! };
    },
    entries: () => ({ count: entries.size, bytes: entries.calculatedSize }),
  };
}

// A text with any other than the first 256 characters takes two bytes for each.
const bytesOf = (text: string) => (/[\u0100-\uffff]/.test(text) ? 2 : 1) * text.length;
