import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { type Cluster, openCluster } from '../../../bench/cluster/ground.ts';
import { checks } from '../../../bench/cluster/main.ts';
import { type Nginx, nginxPath, startNginx } from '../../../bench/cluster/nginx.ts';
import { runChecks, told } from '../../../bench/torture/run.ts';

setDefaultTimeout(120_000);

// A short form of `npm run cluster`. It leaves out what test/optimized/replicas does to a replica, and what nginx does on
// its own. Without nginx, which `told` reports, users send to the servers in turn.
const leftOut = /the replica is|nginx is|PgBouncer is|primary is stopped|Patroni/;

describe.if(nginxPath() !== null)('nginx', () => {
  let nginx: Nginx;
  let broken: { port: number; received: string[]; stop(): void }[];
  beforeAll(async () => {
    broken = [breaking(), breaking()];
    nginx = await startNginx(nginxPath()!, broken);
  });
  afterAll(async () => {
    await nginx?.remove();
    for (const server of broken) server.stop();
  });

  /** A server that accepts requests, and breaks their connections. */
  function breaking() {
    const received: string[] = [];
    const server = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        data(socket, data) {
          received.push(data.toString().split('\r\n')[0]!);
          socket.terminate();
        },
      },
    });
    return { port: server.port, received, stop: () => server.stop(true) };
  }

  test('repeats only requests that may be repeated, and reports in the error format that no server answers', async () => {
    const times: Record<string, number> = {};
    for (const method of ['GET', 'POST', 'PATCH']) {
      for (const { received } of broken) received.length = 0;
      const answer = await fetch(`${nginx.base}/api/v1/customers`, {
        method,
        body: method === 'GET' ? null : '{}',
      });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await answer.json()).toMatchObject({ status: 503, title: 'Service Unavailable' });
      times[method] = broken.flatMap(({ received }) => received).length;
    }
    expect(times).toEqual({ GET: 2, POST: 1, PATCH: 1 });
  });
});

describe(`a cluster ${nginxPath() ? 'behind nginx' : 'without nginx, which is not installed on this machine'}`, () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await openCluster({ customers: 1_000, quick: true, seed: 1 });
  }, 120_000);
  afterAll(() => cluster?.close(), 60_000);

  const names = checks.filter(({ name }) => !leftOut.test(name)).map((check) => [check.name, check] as const);
  test.each(names)('%s', async (_, check) => {
    const [result] = await runChecks([check], cluster);
    console.log(told(result!));
    expect(result!.failures).toEqual([]);
  });
});
