import { call } from '../../client/wire.ts';
import { listPath } from '../../requests.ts';
import { quantile } from '../../statistics.ts';
import { type Check, createFailures } from '../check.ts';
import { flood } from './flood.ts';

const fastRate = 50;
/** More exact counts and lists by relevance than the machine can answer. */
const slowRate = 500;

/** Far more slow lists arrive than can be answered. The fast ones must stay unaffected. */
export const slowShapes: Check = {
  group: 'overload',
  name: 'slow lists do not starve fast ones',
  async run({ start, quick }) {
    const failures = createFailures();
    const server = await start('optimized', { CACHE: 'off' });
    const fast = Array.from({ length: 200 }, (_, n) => call(`${listPath}?page_size=10&page=${n + 1}`));
    const slow = Array.from({ length: 400 }, (_, n) =>
      call(
        n % 2
          ? `${listPath}?count=exact&min_points=${n}&last_name=a`
          : `${listPath}?search=${n % 10}&sort_by=relevance`,
      ),
    );
    const seconds = quick ? 3 : 10;
    const fastLoad = { rate: fastRate, connections: 100, seconds };
    const slowLoad = { rate: slowRate, connections: 400, seconds };
    await flood(server.base, slow, { ...slowLoad, seconds: 1 }); // warms up
    const alone = await flood(server.base, fast, fastLoad);
    const [beside, flooded] = await Promise.all([
      flood(server.base, fast, fastLoad),
      flood(server.base, slow, slowLoad),
    ]);
    const answered = beside.accepted.length / beside.sent;
    const p99 = quantile(beside.accepted, 0.99);
    failures.expect(answered >= 0.95, `${(100 * answered).toFixed(1)} % of the fast lists answered`);
    failures.expect(p99 < 500, `p99 of the fast lists: ${p99.toFixed(0)} ms`);
    failures.expect(flooded.shed.length > 0, 'no slow list was refused');
    failures.expect(flooded.accepted.length > 0, 'no slow list was answered');
    const odd = [...flooded.statuses.keys()].filter((status) => status !== 200 && status !== 503);
    failures.expect(odd.length === 0, `other answers: ${odd}`);
    return {
      counts: {
        fast: beside.sent,
        'p99 ms alone': quantile(alone.accepted, 0.99).toFixed(0),
        'p99 ms beside slow lists': p99.toFixed(0),
        slow: flooded.sent,
        'slow answered': flooded.accepted.length,
        'slow refused': flooded.shed.length,
      },
      failures: failures.all(),
    };
  },
};
