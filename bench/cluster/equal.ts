import { describe } from '../equality/main.ts';
import { compareOn } from '../equality/pair.ts';
import { random } from '../generate/random.ts';
import { listPath, requests } from '../requests.ts';
import { type Check, createFailures } from '../torture/check.ts';
import { readVocabulary } from '../vocabulary.ts';
import { openClient } from './client.ts';
import type { Cluster, Group } from './ground.ts';
import { readsOf } from './reads.ts';

/**
 * For each generated request: both servers answer it, so that it may be in their caches. Then customers are written through
 * the cluster. Right after that the cluster and a single server on the primary answer it. The check waits only for the
 * acknowledged writes: the replica may lag, and so may a server's view of changes. The second half runs without Redis, so
 * servers see each other's writes later.
 */
export const equal: Check<Cluster, Group> = {
  group: 'equal',
  name: 'the same answers as a single server, right after writes',
  async run(cluster) {
    const { quick, seed, single, base, servers, redis } = cluster;
    const wanted = quick ? 120 : 1_000;
    const failures = createFailures();
    const client = openClient(base);
    const vocabulary = await readVocabulary(single.base);
    const draw = random(seed);
    const before = await readsOf(servers);
    const counts = { requests: 0, filled: 0, pages: 0, writes: 0, differences: 0 };

    /** Changes or adds a customer in a way that lists show. */
    async function write(): Promise<void> {
      const [row, other] = [draw.pick(vocabulary), draw.pick(vocabulary)];
      const fields = {
        first_name: other.first_name.slice(0, 100),
        last_name: row.last_name.slice(0, 100),
        relationship: { points: draw.int(0, 50_000) },
      };
      const [method, path, expected] = draw.chance(0.4)
        ? (['POST', listPath, 201] as const)
        : (['PATCH', `${listPath}/${row.id}`, 200] as const);
      const { status } = await client.send(path, { method, body: fields });
      failures.expect(status === expected, 'a write was refused', `${method} ${status}`);
      counts.writes += Number(status === expected);
    }

    for (const request of requests(seed, vocabulary)) {
      if (counts.requests === wanted) break;
      if (counts.requests === wanted / 2) await redis?.kill();
      await Promise.all(servers.map(async (server) => (await fetch(server.base + request.path)).text()));
      await Promise.all(Array.from({ length: draw.int(1, 4) }, write));
      const bases = { naiveBase: single.base, optimizedBase: base() };
      const { pages, filled, found } = await compareOn(bases, request, client.fetch);
      counts.requests += 1;
      counts.pages += pages;
      counts.filled += Number(filled);
      if (!found) continue;
      counts.differences += 1;
      failures.add('a difference', describe({ ...found, ...request, index: counts.requests - 1 }));
    }
    const after = await readsOf(servers);
    await redis?.restart();
    failures.expect(counts.filled > 0, 'no request found any customer');
    failures.expect(after.replica > before.replica, 'no read used the replica');
    return {
      counts: {
        ...counts,
        'read on the replica': after.replica - before.replica,
        'repeated on the primary': after.outdated - before.outdated,
      },
      failures: failures.all(),
    };
  },
};
