import { closedLoop } from '../../client/closed-loop.ts';
import { type Call, call } from '../../client/wire.ts';
import { mixedRequests } from '../../generate/mixed.ts';
import type { RunningServer } from '../../servers.ts';
import { quantile } from '../../statistics.ts';
import { readVocabulary } from '../../vocabulary.ts';
import { type Check, createFailures } from '../check.ts';
import { watchHealth } from './health.ts';
import { floodByStrangers } from './strangers.ts';

/** Share of the capacity that is answered at ten times of it. */
const leastShare = 0.9;
/** ms, limit of the p99 */
const slowest = 1000;
/** Bytes by which the memory of a server may grow under overload. */
const mostGrowth = 300 * 2 ** 20;

/** The optimized server without its cache, so that each request costs a statement. */
export const capacity: Check = {
  group: 'overload',
  name: 'ten times the capacity',
  async run(ground) {
    const { start, quick, seed } = ground;
    const failures = createFailures();
    const server = await start('optimized', { CACHE: 'off' });
    const requests = mixedRequests(seed, await readVocabulary(server.base), 5_000);
    const paths = requests.map(({ path }) => path);
    const calls = paths.map((path) => call(path));
    const seconds = quick ? 3 : 10;
    await rateOf(server, calls, 2); // warms up
    const before = await rateOf(server, calls, seconds);
    const memory = server.usage()?.peakBytes ?? 0;

    const health = watchHealth(server.base);
    const options = { rate: 10 * before.rate, connections: 1000, seconds };
    const flooded = await floodByStrangers({ base: server.base, paths, options });
    const { worst, failed } = await health.stop();
    server.assertAlive();
    await Bun.sleep(2000);
    const after = await rateOf(server, calls, seconds);

    // Measured before and after, since the machine may do other work at the same time.
    const rate = (before.rate + after.rate) / 2;
    const answered = flooded.accepted.length / flooded.seconds;
    const p99 = quantile(flooded.accepted, 0.99);
    const grown = (server.usage()?.peakBytes ?? 0) - memory;
    const odd = [...flooded.statuses].filter(([status]) => status !== 200 && status !== 503);
    failures.expect(
      odd.length === 0,
      'answers other than 200 and 503',
      `${odd.map(([status, count]) => `${count} × ${status}`)}`,
    );
    failures.expect(
      answered >= leastShare * rate,
      `${answered.toFixed(0)}/s answered, of a capacity of ${rate.toFixed(0)}/s`,
    );
    failures.expect(
      flooded.sent >= 8 * before.rate * flooded.seconds,
      `only ${(flooded.sent / flooded.seconds).toFixed(0)}/s could be sent`,
    );
    failures.expect(p99 < slowest, `p99 of the accepted requests: ${p99.toFixed(0)} ms`);
    failures.expect(grown < mostGrowth, `${(grown / 2 ** 20).toFixed(0)} MB of memory growth`);
    failures.expect(failed.length === 0, `${failed.length} health checks failed: ${[...new Set(failed)]}`);
    failures.expect(
      after.failures.length === 0,
      `${after.failures.length} failures 2 s after the overload`,
      after.failures[0]?.why,
    );
    failures.expect(
      after.p50 < 2 * before.p50,
      `p50 2 s after the overload: ${after.p50.toFixed(1)} ms, before ${before.p50.toFixed(1)} ms`,
    );
    return {
      counts: {
        'capacity before': `${before.rate.toFixed(0)}/s`,
        'capacity after': `${after.rate.toFixed(0)}/s`,
        sent: flooded.sent,
        held: flooded.held,
        answered: `${answered.toFixed(0)}/s`,
        shed: flooded.shed.length,
        'p99 ms': p99.toFixed(0),
        'p99 of shed ms': quantile(flooded.shed, 0.99).toFixed(0),
        'worst /health ms': worst.toFixed(0),
        'memory growth MB': (grown / 2 ** 20).toFixed(0),
      },
      failures: failures.all(),
    };
  },
};

/** Answers a second and p50 with 16 users who never pause. */
async function rateOf({ base }: RunningServer, calls: readonly Call[], seconds: number) {
  const { samples, failures, seconds: took } = await closedLoop(base, calls, { users: 16, seconds });
  const p50 = quantile(
    samples.map(({ ms }) => ms),
    0.5,
  );
  return { rate: samples.length / took, p50, failures };
}
