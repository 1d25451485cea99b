import { LRUCache } from 'lru-cache';

// What is prepared is planned once, which for a list takes as long as to run it. But each text is kept by each connection, in some
// 50 kB of PostgreSQL's memory, until that is closed after an hour at the most, and of conditions, orders and access paths there are
// tens of thousands of combinations. So only what is asked again is prepared.

/** Texts that are remembered. */
const remembered = 1000;

/** Says of each text whether it was asked before, among the last thousand different ones. */
export function openRepeats(): (text: string) => boolean {
  const texts = new LRUCache<number | bigint, true>({ max: remembered });
  return (text) => {
    const key = Bun.hash(text);
    const isKnown = texts.has(key);
    texts.set(key, true);
    return isKnown;
  };
}
