import { describe, expect, test } from 'bun:test';
import { differential, describe as shown } from '../../../bench/equality/main.ts';
import { type Fetch, readVocabulary } from '../../../bench/vocabulary.ts';
import { createApp } from '../../../src/naive/app.ts';
import { type ProfileName, profiles } from '../../../src/seed/profiles/index.ts';
import { type Copy, seeded } from '../../cluster.ts';
import { openOptimized } from '../../optimized/room.ts';
import { openRoom, useRoom } from '../../rooms.ts';

// differential.test.ts sends more requests on the default profile. Here the same generator is used on each other profile.

const customers = 2_000;
const requests = 150;
const bases = { naiveBase: 'http://naive.test', optimizedBase: 'http://optimized.test' };
const others = (Object.keys(profiles) as ProfileName[])
  .filter((name) => name !== 'default')
  .flatMap((name) => (name === 'random' ? [1, 2, 3, 4] : [1]).map((seed) => ({ name, seed })));

describe.each(others)('with customers of the profile $name, seed $seed', ({ name, seed }) => {
  let made: Promise<Record<'naive' | 'optimized', Copy>> | undefined;
  const copies = () => (made ??= seeded(customers, name, seed));
  const naive = useRoom(async () =>
    openRoom('naive', (base) => ({ app: createApp(base) }), { on: (await copies()).naive }),
  );
  const optimized = useRoom(async () => openOptimized({ on: (await copies()).optimized }));
  const send: Fetch = (request) =>
    (request.url.startsWith(bases.naiveBase) ? naive() : optimized()).ask(request.url);

  test(`both servers give the same answers to ${requests} requests`, async () => {
    const vocabulary = await readVocabulary(bases.naiveBase, 300, send);
    const outcome = await differential({ ...bases, requests, seed: 7, vocabulary, fetch: send });
    expect(outcome.differences.map(shown)).toEqual([]);
    expect(outcome.requests).toBe(requests);
    expect(outcome.filled).toBeGreaterThan(requests / 3);
  }, 120_000);
});
