import { LRUCache } from 'lru-cache';

// Decides which statements are prepared. A prepared statement is planned once, and to plan a list takes as long as to run it. But each
// connection keeps each text in some 50 kB of PostgreSQL's memory until it closes, after an hour at most, and there are tens of
// thousands of combinations of conditions, orders and access paths. So only a text that is repeated is prepared.

/** How many texts are remembered. */
const remembered = 1000;

/** A function that returns whether a text is among the last thousand different ones, and remembers it. */
export function openRepeats(): (text: string) => boolean {
  const texts = new LRUCache<number | bigint, true>({ max: remembered });
  return (text) => {
    const key = Bun.hash(text);
    const isKnown = texts.has(key);
    texts.set(key, true);
    return isKnown;
  };
}
