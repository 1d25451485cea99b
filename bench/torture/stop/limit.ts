import type { Room } from '../../servers.ts';
import { type Check, createFailures } from '../check.ts';
import { untilGone } from '../process.ts';
import { heldWrite } from './held.ts';

/** Requests in flight have ten seconds to finish. A second signal ends the process at once. */
export const limit = (room: Room): Check => ({
  group: 'stop',
  name: `${room}: a second signal ends it at once, otherwise ten seconds`,
  async run({ start, sql, quick }) {
    const failures = createFailures();
    const counts: Record<string, string> = {};
    for (const signals of quick ? [2] : [2, 1]) {
      const server = await start(room);
      const held = await heldWrite(sql[room], server.base, crypto.randomUUID());
      process.kill(server.pid, 'SIGTERM');
      await Bun.sleep(300);
      failures.expect((await untilGone(server, 0)) === null, 'it has ended with a write in flight');
      if (signals === 2) process.kill(server.pid, 'SIGTERM');
      const gone = await untilGone(server, 13);
      await held.release();
      const [least, most] = signals === 2 ? [0, 1000] : [9000, 12_500];
      failures.expect(
        gone !== null && gone >= least && gone <= most,
        `ended ${gone} ms after ${signals} signals`,
      );
      counts[`ms after ${signals} signals`] = gone?.toFixed(0) ?? 'never';
    }
    return { counts, failures: failures.all() };
  },
});
