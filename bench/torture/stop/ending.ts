import { listPath } from '../../requests.ts';
import type { Room } from '../../servers.ts';
import { type Check, createFailures } from '../check.ts';
import { untilGone } from '../process.ts';
import { heldWrite, isWritten } from './held.ts';

/** SIGTERM with a write in flight: the port is drained, the write finishes, nothing is lost. */
export const ending = (room: Room): Check => ({
  group: 'stop',
  name: `${room}: SIGTERM lets requests in flight finish`,
  async run({ start, sql }) {
    const failures = createFailures();
    const drain = 800;
    const server = await start(room, { DRAIN_TIME: `${drain}` });
    const name = crypto.randomUUID();
    const held = await heldWrite(sql[room], server.base, name);
    process.kill(server.pid, 'SIGTERM');
    const began = performance.now();
    await Bun.sleep(20);
    const ready = await fetch(`${server.base}/ready`).catch(() => null);
    failures.expect(ready?.status === 503, `/ready answers ${ready?.status} after SIGTERM`);
    failures.expect(
      ready?.headers.get('content-type') === 'application/problem+json',
      '/ready is not in the error format',
    );
    const list = await fetch(`${server.base}${listPath}?page_size=1&count=none`).catch(() => null);
    failures.expect(list?.status === 200, `a list while draining: ${list?.status}`);
    failures.expect(
      list?.headers.get('connection') === 'close',
      'an answer while draining keeps its connection',
    );
    await Bun.sleep(drain + 200 - (performance.now() - began));
    const late = await fetch(`${server.base}/health`).then(
      () => true,
      () => false,
    );
    failures.expect(!late, 'the port is still open after the drain');
    await held.release();
    const status = await held.answer;
    failures.expect(status === 201, `the write in flight: ${status}`);
    const gone = await untilGone(server, 5);
    failures.expect(gone !== null, 'the process has not ended 5 s after its last request');
    failures.expect(
      (await isWritten(sql[room], name)) === (status === 201),
      'the write and its answer disagree',
    );
    return { counts: { 'ended after ms': (performance.now() - began).toFixed(0) }, failures: failures.all() };
  },
});
