import { Counter, Gauge, type Registry } from 'prom-client';
import type { Cache } from './cache.ts';
import type { Follower } from './follow.ts';
import type { Remote } from './redis.ts';

/** Registers the metrics of a cache. They are collected when they are scraped, and cost nothing before. */
export function measureCache(
  registry: Registry,
  { tally, entries }: Pick<Cache, 'tally' | 'entries'>,
  follower: Follower | null,
  remote: Remote | null,
): void {
  const registers = [registry];
  const counter = (name: string, help: string, label: string, counts: Record<string, number>) =>
    new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(counts)) this.inc({ [label]: value }, count);
      },
    });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  counter(
    'cache_answers_total',
    'Answers by where they came from: hits in local and redis, joined another one that was read, misses in origin',
    'from',
    tally.sources,
  );
  counter(
    'cache_invalidations_total',
    'Entries that were found and not used, by the source of the change (here, server, database), or why else',
    'cause',
    tally.causes,
  );
  gauge('cache_entries', 'Entries in this process', () => entries().count);
  gauge('cache_bytes', 'Bytes of the entries in this process', () => entries().bytes);
  gauge('cache_follows', '1 while the changes in the database are known up to a second ago', () =>
    Number(follower?.alive() ?? false),
  );
  gauge('cache_redis_answers', '1 while Redis answers', () => Number(remote?.answers() ?? false));
  gauge('cache_redis_heard', '1 while the channel of the servers is heard', () =>
    Number(remote?.alive() ?? false),
  );
}
