import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { type OwnRedis, startOwnRedis } from '../../../bench/chaos/redis.ts';
import { type RunningServer, startServer } from '../../../bench/servers.ts';
import type { Customer } from '../../../src/contract/customer.ts';
import { noRedis } from '../../../src/server/config.ts';
import { type Copy, copyOf, environmentOf, within } from '../../cluster.ts';
import { insertPeople } from '../../contract/people.ts';
import { hasRedis } from '../../redis.ts';
import { customers } from '../../rooms.ts';

setDefaultTimeout(60_000);

// Two servers as they run in production: separate processes, with one database and one Redis, or none.

describe.if(hasRedis)('two server processes with one Redis', () => twoServers(true));
describe('two server processes without Redis', () => twoServers(false));

function twoServers(withRedis: boolean) {
  let redis: OwnRedis | undefined;
  let copy: Copy;
  let servers: [RunningServer, RunningServer];

  beforeAll(async () => {
    if (withRedis) redis = await startOwnRedis('processes');
    copy = await copyOf('optimized');
    await within(copy.name, insertPeople);
    const environment = environmentOf(copy, { REDIS_URL: redis?.url ?? noRedis });
    servers = await Promise.all([
      startServer('optimized', environment),
      startServer('optimized', environment),
    ]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all((servers ?? []).map((server) => server.stop()));
    await redis?.stop();
    await copy?.drop();
  }, 60_000);

  const json = async <T>(server: RunningServer, path: string) => {
    const response = await fetch(server.base + path);
    return {
      status: response.status,
      cache: response.headers.get('cache-status'),
      body: (await response.json()) as T,
    };
  };
  const lastNames = async (server: RunningServer, query: string) => {
    const { status, body } = await json<{ results: Customer[] }>(server, `${customers}?${query}`);
    expect(status).toBe(200);
    return body.results.map(({ last_name }) => last_name);
  };
  const write = (server: RunningServer, method: string, path: string, body?: object) =>
    fetch(`${server.base}${customers}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });

  /** ms until an answer of the server passes `expected`; at least one request is sent. */
  async function msUntil(
    server: RunningServer,
    query: string,
    expected: (names: string[]) => boolean,
  ): Promise<number> {
    const began = performance.now();
    while (!expected(await lastNames(server, query))) {
      if (performance.now() - began > 5_000) return Number.POSITIVE_INFINITY;
    }
    return performance.now() - began;
  }

  test('both keep a list in their own memory', async () => {
    for (const server of servers) {
      await lastNames(server, '');
      await lastNames(server, '');
      expect((await json(server, `${customers}?`)).cache).toBe('customers; hit; detail=local');
    }
  });

  test('show each other’s writes within a second', async () => {
    const times: number[] = [];
    for (let round = 0; round < 12; round++) {
      const [one, other] = round % 2 ? servers : servers.toReversed();
      const name = `Round ${round}`;
      const queries = ['', 'search=round', `last_name=${name}`, 'sort_by=last_name&page_size=100'];
      // Puts the lists into the memory of both, so that they have to be dropped there.
      const readAll = () =>
        Promise.all(servers.flatMap((server) => queries.map((query) => lastNames(server, query))));
      await readAll();

      const created = (await (
        await write(one!, 'POST', '', { first_name: 'R', last_name: name })
      ).json()) as Customer;
      for (const query of queries) {
        expect(await lastNames(one!, query)).toContain(name);
        times.push(await msUntil(other!, query, (names) => names.includes(name)));
      }
      await readAll();
      expect((await write(one!, 'PATCH', `/${created.id}`, { last_name: 'Changed' })).status).toBe(200);
      for (const query of queries) {
        expect(await lastNames(one!, query)).not.toContain(name);
        times.push(await msUntil(other!, query, (names) => !names.includes(name)));
      }
      await readAll();
      expect((await write(one!, 'DELETE', `/${created.id}`)).status).toBe(204);
      for (const query of queries) {
        expect(await lastNames(one!, query)).not.toContain('Changed');
        times.push(await msUntil(other!, query, (names) => !names.includes('Changed')));
      }
    }
    times.sort((a, b) => a - b);
    const [median, most] = [times[times.length >> 1]!, times.at(-1)!];
    console.log(
      `A write is seen in another process after ${median.toFixed(1)} ms, ${most.toFixed(1)} ms at most.`,
    );
    expect(most).toBeLessThan(1000);
  });

  test('are ready', async () => {
    for (const server of servers)
      expect((await json(server, '/ready')).body).toMatchObject({ status: 'ready', degraded: [] });
  });

  if (withRedis)
    test('report which part is missing when Redis dies, and continue without it', async () => {
      await redis!.kill();
      for (let round = 0; round < 5; round++) {
        const [one, other] = round % 2 ? servers : servers.toReversed();
        const name = `Without ${round}`;
        expect((await write(one!, 'PATCH', '/1', { last_name: name })).status).toBe(200);
        expect(await lastNames(one!, 'first_name=someone')).toEqual([name]);
        expect(await msUntil(other!, 'first_name=someone', (names) => names[0] === name)).toBeLessThan(2500);
      }
      for (const server of servers) {
        const { status, body } = await json(server, '/ready');
        expect({ status, body }).toMatchObject({
          status: 200,
          body: { status: 'degraded', degraded: ['redis'] },
        });
      }
      await redis!.restart();
      for (let tries = 0; tries < 100; tries++) {
        if ((await json<{ status: string }>(servers[0], '/ready')).body.status === 'ready') return;
        await Bun.sleep(50);
      }
      throw new Error('Redis is back, and was not taken up again within 5 s');
    });
}
