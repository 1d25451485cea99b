import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { type Child, startChild } from '../../bench/children.ts';
import { closedLoop, isReset } from '../../bench/client/closed-loop.ts';
import { call } from '../../bench/client/wire.ts';
import { family } from '../../bench/processes.ts';
import { freePort } from '../../bench/servers.ts';
import { noRedis } from '../../src/server/config.ts';
import { isAlive } from '../../src/services/command.ts';
import { type Copy, copyOf, environmentOf, within } from '../cluster.ts';
import { customers } from '../rooms.ts';

setDefaultTimeout(60_000);

// Without Redis, one process learns of the writes of another 25 ms later. Refusals on a busy machine are not tested.
const settings = { REDIS_URL: noRedis, DRAIN_TIME: '300', WAIT_LIMIT: '0' };
const command = [process.execPath, 'src/optimized/main.ts', '--processes'];

describe.if(process.platform === 'linux')('several server processes on one port', () => {
  let copy: Copy;
  let base: string;
  let parent: Child;
  const told: string[] = [];

  const begin = async () => {
    const environment = {
      ...environmentOf(copy, { ...settings, PORT: `${freePort()}` }),
      WAIT_LIMIT: '0',
    };
    const { promise: listens, resolve } = Promise.withResolvers<string>();
    const child = startChild([...command, '2'], {
      environment,
      onLine: (line) => {
        told.push(line);
        if (line.includes('listens on')) resolve(line);
      },
    });
    const line = await Promise.race([listens, child.exited.then(() => told.join('\n'))]);
    expect(line).toMatch(/^optimized listens on http:\S+ with 2 processes/);
    return { child, at: /http:\S+/.exec(line)![0] };
  };
  const workers = (of = parent) => family(of.pid).slice(1);
  const until = async (what: string, holds: () => boolean) => {
    for (const end = performance.now() + 10_000; !holds(); await Bun.sleep(10))
      if (performance.now() > end) throw new Error(`not within 10 s: ${what}`);
  };

  beforeAll(async () => {
    copy = await copyOf('optimized');
    ({ child: parent, at: base } = await begin());
  }, 60_000);
  afterAll(async () => {
    await parent?.stop();
    await copy?.drop();
  }, 60_000);

  test('are of the given number, and show a client its own writes, whichever process it reaches', async () => {
    expect(workers()).toHaveLength(2);
    for (let round = 0; round < 20; round++) {
      // Each request has its own connection, which the system gives to either process.
      const close = { connection: 'close', 'content-type': 'application/json' };
      for (const query of [
        '?first_name=own&page_size=1',
        '?first_name=own&page_size=1',
        '?first_name=own&page_size=1',
      ])
        await (await fetch(base + customers + query, { headers: close })).text();
      const body = JSON.stringify({ first_name: 'Own', last_name: `Write ${round}` });
      const written = await fetch(`${base}${customers}`, { method: 'POST', headers: close, body });
      expect(written.status).toBe(201);
      const [cookie] = written.headers.get('set-cookie')!.split(';');
      const headers = { connection: 'close', cookie: cookie! };
      const seen = await fetch(`${base}${customers}?first_name=own&page_size=1`, { headers });
      expect(await seen.text()).toContain(`Write ${round}"`);
    }
  });

  test('are replaced one by one on SIGHUP without a failed request', async () => {
    const before = workers();
    const body = JSON.stringify({ first_name: 'Rolling', last_name: 'Restart' });
    const create = call(customers, { method: 'POST', body, status: 201 });
    const read = call(`${customers}?page_size=5&count=none`);
    let over = false;
    const users = Promise.all(
      Array.from({ length: 6 }, async (_, user) => {
        let [created, failed] = [0, [] as string[]];
        while (!over) {
          const calls = user % 2 ? [read] : [create, read, read];
          const { samples, failures } = await closedLoop(base, calls, { users: 1, seconds: 0.3 });
          created += samples.filter((sample) => calls[sample.call] === create).length;
          failed = [...failed, ...failures.map(({ why }) => why)];
        }
        return { created, failed };
      }),
    );
    process.kill(parent.pid, 'SIGHUP');
    await until(
      'both are others',
      () => workers().length === 2 && workers().every((pid) => !before.includes(pid)),
    );
    over = true;
    const all = await users;
    const failed = all.flatMap((user) => user.failed);
    expect(failed.filter((why) => !isReset(why))).toEqual([]);
    expect(failed.length).toBeLessThanOrEqual(2); // one per restart: bench/torture/stop/rolling.ts
    const created = all.reduce((sum, one) => sum + one.created, 0);
    expect(created).toBeGreaterThan(0);
    const rows = await within(copy.name, (sql) => sql`select from customer where first_name = 'Rolling'`);
    expect(rows).toHaveLength(created);
  });

  test('are started again if they die, after a longer wait each time', async () => {
    let [one] = workers();
    for (const wait of [100, 200]) {
      const before = workers();
      process.kill(one!, 'SIGKILL');
      await until('another is there', () => workers().length === 2 && !workers().includes(one!));
      expect(told.join('\n')).toContain(`"server":${one},"code":137,"wait":${wait}`);
      one = workers().find((pid) => !before.includes(pid));
    }
  });

  test('drain and end on SIGTERM', async () => {
    const pids = workers();
    process.kill(parent.pid, 'SIGTERM');
    let status = 200;
    while (status === 200) ({ status } = await fetch(`${base}/ready`));
    expect(status).toBe(503);
    expect(await parent.exited).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('end with the process that started them, however that ends', async () => {
    const { child } = await begin();
    const pids = workers(child);
    expect(pids).toHaveLength(2);
    process.kill(child.pid, 'SIGKILL');
    await until('they are gone', () => !pids.some(isAlive));
  });

  test('report why they cannot start', async () => {
    const cases: [count: string, changes: Record<string, string>, says: RegExp][] = [
      ['0', {}, /^--processes 0 cannot be used: it takes a whole number from 1 to 64\.$/],
      ['2', { PORT: '1x' }, /^PORT="1x"/],
      ['2', { POSTGRES_PORT: '1' }, /PostgreSQL does not answer[\s\S]*cannot start/],
    ];
    for (const [count, changes, says] of cases) {
      const environment = environmentOf(copy, { PORT: `${freePort()}`, ...changes });
      const child = startChild([...command, count], { environment });
      expect(await child.exited).toBe(1);
      expect(child.lastLines(5).join('\n')).toMatch(says);
    }
  });
});
