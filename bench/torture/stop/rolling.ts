import { closedLoop, isReset } from '../../client/closed-loop.ts';
import { call } from '../../client/wire.ts';
import { listPath } from '../../requests.ts';
import { freePort, type Room, type RunningServer } from '../../servers.ts';
import { type Check, createFailures } from '../check.ts';
import { untilGone } from '../process.ts';

/**
 * Two processes on one port are replaced, new ones first, while users read and write without a pause.
 *
 * The kernel resets a connection that it has queued for a process when this closes its port: one in some hundred restarts,
 * more if the client is slow to send its request, because Bun.serve accepts a connection only with its first bytes
 * (TCP_DEFER_ACCEPT). No process has seen such a request, so a client may send it again. At most one per restart is
 * allowed; without `connection: close` in the last answers there are two.
 */
export const rolling = (room: Room): Check => ({
  group: 'stop',
  name: `${room}: rolling restart on one port`,
  async run({ start, sql, quick }) {
    const failures = createFailures();
    const settings = {
      PORT: `${freePort()}`,
      REUSE_PORT: 'on',
      DRAIN_TIME: '1000',
      POSTGRES_POOL: '3',
      WAIT_LIMIT: '0', // load shedding on a busy machine is not tested here
    };
    let old: RunningServer[] = [await start(room, settings), await start(room, settings)];
    const name = `Rolling${Date.now()}`;
    const body = JSON.stringify({ first_name: 'Rolling', last_name: name });
    const create = call(listPath, { method: 'POST', body, status: 201 });
    const read = call(`${listPath}?page_size=5&count=none&sort_by=created`);
    let over = false;
    const users = Array.from({ length: 8 }, async (_, user) => {
      let [done, failed, written] = [0, [] as string[], 0];
      while (!over) {
        const calls = user % 2 ? [read] : [create, read, read];
        const { samples, failures: lost } = await closedLoop(old[0]!.base, calls, { users: 1, seconds: 0.5 });
        done += samples.length;
        written += samples.filter((sample) => calls[sample.call] === create).length;
        failed = [...failed, ...lost.map(({ why }) => why)];
      }
      return { done, failed, written };
    });
    const rounds = quick ? 1 : 3;
    for (let round = 0; round < rounds; round++) {
      for (const server of old) {
        const next = await start(room, settings);
        process.kill(server.pid, 'SIGTERM');
        const gone = await untilGone(server, 12);
        failures.expect(gone !== null, 'a process did not end');
        old = [...old.filter((one) => one !== server), next];
      }
    }
    over = true;
    const all = await Promise.all(users);
    const sum = (of: 'done' | 'written') => all.reduce((total, one) => total + one[of], 0);
    const failed = all.flatMap((user) => user.failed);
    const resets = failed.filter(isReset).length;
    for (const why of failed.filter((each) => !isReset(each))) failures.add('a request failed', why);
    failures.expect(resets <= 2 * rounds, `${resets} connections were closed without an answer`);
    const [row] = await sql[room]<{ count: number }[]>`
      select count(*)::int as count from customer where last_name = ${name}`;
    failures.expect(
      row!.count === sum('written'),
      `${sum('written')} creates acknowledged, ${row!.count} stored`,
    );
    return {
      counts: {
        restarts: 2 * rounds,
        requests: sum('done'),
        creates: sum('written'),
        resets,
        failed: failed.length - resets,
      },
      failures: failures.all(),
    };
  },
});
