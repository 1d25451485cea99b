import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { type RunningServer, startServer } from '../bench/servers.ts';
import type { Customer } from '../src/contract/customer.ts';
import { type Copy, copyOf, environmentOf, type Kind, within } from './cluster.ts';
import { customers, type Page } from './rooms.ts';

setDefaultTimeout(60_000);

// Tests repeated writes and concurrent edits on two server processes with one database. One of the processes is killed.

describe.each<Kind>(['naive', 'optimized'])('two %s servers', (kind) => {
  let copy: Copy;
  let servers: [RunningServer, RunningServer];
  const start = () => startServer(kind, environmentOf(copy));

  beforeAll(async () => {
    copy = await copyOf(kind);
    servers = await Promise.all([start(), start()]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all((servers ?? []).map((server) => server.stop()));
    await copy?.drop();
  }, 60_000);

  const send = (server: RunningServer, method: string, path: string, body: object, headers = {}) =>
    fetch(server.base + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const create = async (server: RunningServer, key: string, last_name = key) => {
    const body = { first_name: 'Keyed', last_name, address: { country: 'A', city: 'B', city_code: 'C' } };
    const response = await send(server, 'POST', customers, body, { 'idempotency-key': key });
    return {
      status: response.status,
      location: response.headers.get('location'),
      body: await response.text(),
    };
  };
  /** The number of customers with each last name. */
  const stored = (prefix: string) =>
    within(copy.name, async (sql) => {
      const rows = await sql<{ last_name: string; count: number }[]>`
        select last_name, count(*) from customer where starts_with(last_name, ${prefix}) group by last_name`;
      return new Map(rows.map(({ last_name, count }) => [last_name, count]));
    });
  const once = (keys: string[]) => new Map(keys.map((key) => [key, 1]));

  test('give the same answer to a create that reaches both at once', async () => {
    const keys = Array.from({ length: 100 }, (_, i) => `both-${i}`);
    for (const key of keys) {
      const [one, other] = await Promise.all(servers.map((server) => create(server, key)));
      expect(one!.status).toBe(201);
      expect(other).toEqual(one!);
    }
    expect(await stored('both-')).toEqual(once(keys));
  });

  test('show in every list a customer whose create was repeated', async () => {
    const [one, other] = servers;
    const list = async () => {
      const response = await fetch(`${other.base}${customers}?first_name=keyed&count=exact&page_size=100`);
      return (await response.json()) as Page;
    };
    for (let round = 0; round < 20; round++) {
      await list();
      const { count } = await list();
      const made = await create(one, `again-${round}`);
      expect(await create(other, `again-${round}`)).toEqual(made);
      const after = await list();
      expect(after.count).toBe(count! + 1);
      expect(after.results).toContainEqual(JSON.parse(made.body) as Customer);
    }
  });

  test('accept one of 16 concurrent edits', async () => {
    for (let round = 0; round < 10; round++) {
      const { location } = await create(servers[0], `edit-${round}`);
      const before = await fetch(servers[0].base + location);
      const etag = before.headers.get('etag')!;
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, i) =>
          send(servers[i % 2]!, 'PATCH', location!, { first_name: `Edit ${i}` }, { 'if-match': etag }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(15).fill(412)]);
      const passed = answers.findIndex(({ status }) => status === 200);
      const after = await fetch(servers[passed % 2]!.base + location);
      expect(await after.text()).toBe(await answers[passed]!.text());
    }
  });

  describe('one of which is killed', () => {
    // Every commit of a create takes 10 ms, so that a kill hits some that are not acknowledged.
    beforeAll(() =>
      within(copy.name, (sql) =>
        sql.unsafe(`
          create function sleep() returns trigger language plpgsql as
            'begin perform pg_sleep(0.01); return null; end';
          create constraint trigger slow after insert on customer deferrable initially deferred
            for each row execute function sleep()`),
      ),
    );

    test.each([1, 2])(
      'have each customer once after all creates are repeated on the other (%d)',
      async (round) => {
        const [dying, other] = servers;
        const keys = Array.from({ length: 100 }, (_, i) => `killed-${round}-${i}`);
        const acknowledged = new Map<string, Awaited<ReturnType<typeof create>>>();
        const left = keys.values();
        const client = async () => {
          for (const key of left) {
            const answer = await create(dying, key).catch(() => null);
            if (answer === null) continue;
            acknowledged.set(key, answer);
            if (acknowledged.size === 30) process.kill(dying.pid, 'SIGKILL');
          }
        };
        await Promise.all(Array.from({ length: 16 }, client));
        const done = await stored(`killed-${round}-`);
        console.log(
          `${kind}: ${done.size} of ${keys.length} created, ${acknowledged.size} answered before the kill`,
        );
        expect(acknowledged.size).toBeWithin(30, keys.length);
        expect([...done.keys()]).toEqual(expect.arrayContaining([...acknowledged.keys()]));

        for (const key of keys) {
          const answer = await create(other, key);
          expect(answer.status).toBe(201);
          if (acknowledged.has(key)) expect(answer).toEqual(acknowledged.get(key)!);
        }
        expect(await stored(`killed-${round}-`)).toEqual(once(keys));
        const orphans = await within(
          copy.name,
          (sql) =>
            sql`select from address where not exists (select from customer where address_id = address.id)`,
        );
        expect(orphans).toHaveLength(0);
        servers = [other, await start()];
      },
    );
  });
});
