import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { differential, describe as shown } from '../bench/equality/main.ts';
import { startServer } from '../bench/servers.ts';
import { type Fetch, readVocabulary } from '../bench/vocabulary.ts';
import { bringUp } from '../src/migrate/migrate.ts';
import { createApp } from '../src/naive/app.ts';
import { type Citus, findCitus, on, openDistributed, startCitus } from './citus.ts';
import { environmentOf, seededOnly } from './cluster.ts';
import { contract } from './contract/index.ts';
import { insertPeople } from './contract/people.ts';
import { customers, openRoom, useRoom } from './rooms.ts';

// Tests the optimized server with tables that Citus distributes over two workers: the whole contract, and the differences.

const found = await findCitus();
if ('missing' in found) console.error(`Tests on Citus are skipped: ${found.missing}`);

describe.if('bin' in found)('on Citus', () => {
  setDefaultTimeout(180_000);
  let started: Promise<Citus> | undefined;
  const citus = () => (started ??= startCitus((found as { bin: string }).bin));
  afterAll(async () => (await started)?.stop(), 60_000);

  describe('the tables', () => {
    const room = useRoom(async () =>
      openDistributed(await citus(), { on: await (await citus()).seeded(300) }),
    );

    test('lie on both workers, each customer together with the rows that its list row is made from', async () => {
      const shards = await room().sql<{ name: string; port: number; shards: number }[]>`
        select table_name::text as name, nodeport as port, count(*)::integer as shards from citus_shards
        where citus_table_type = 'distributed' group by 1, 2 order by 1, 2`;
      const { workers } = await citus();
      const tables = ['customer', 'customer_list', 'customer_relationship', 'used_customer_id'];
      const expected = tables.flatMap((name) =>
        workers.toSorted().map((port) => ({ name, port, shards: 2 })),
      );
      expect([...shards]).toEqual(expected);
      const [grouped] = await room().sql<{ groups: number }[]>`
        select count(distinct colocation_id)::integer as groups from citus_tables
        where table_name in ('customer'::regclass, 'customer_list'::regclass, 'customer_relationship'::regclass)`;
      expect(grouped!.groups).toBe(1);
      const counted = await Promise.all(
        workers.map((worker) =>
          on(worker, room().name, async (sql) => {
            const names = await sql<{ name: string }[]>`
              select shard_name as name from citus_shards
              where table_name = 'customer_list'::regclass and nodeport = ${worker}`;
            const rows = await Promise.all(names.map(({ name }) => sql`select from ${sql(name)}`));
            return rows.reduce((sum, { count }) => sum + count, 0);
          }),
        ),
      );
      expect(counted.reduce((one, other) => one + other)).toBe(300);
      expect(Math.min(...counted)).toBeGreaterThan(50);
    });

    test('let the workers sort and limit a page', async () => {
      const plan = await room().sql`
        explain select id from customer_list where created is not null order by created desc, id desc limit 21`;
      const lines = plan.map((row) => row['QUERY PLAN'] as string).join('\n');
      expect(lines).toMatch(
        /Task Count: 4[\s\S]*Limit[\s\S]*Index (Only )?Scan Backward using customer_list_created_idx_\d+/,
      );
    });

    test('accept one of several concurrent creates with the same customer_id', async () => {
      for (let round = 0; round < 10; round++) {
        const body = { first_name: 'A', last_name: 'B', customer_id: `same ${round}` };
        const answers = await Promise.all(Array.from({ length: 6 }, () => room().send('POST', '', body)));
        expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
        expect((await room().list(`customer_id=${body.customer_id}&count=exact`)).count).toBe(1);
      }
    });
  });

  describe('a server', () => {
    const serve = (changes = {}) => startServer('optimized', environmentOf(room(), changes));
    const room = useRoom(async () => openDistributed(await citus(), { fill: insertPeople }));

    test('reports that nothing is cached, and caches nothing', async () => {
      const server = await serve();
      try {
        for (let i = 0; i < 2; i++) {
          const response = await fetch(`${server.base}${customers}?count=exact`);
          expect(response.headers.get('cache-status')).toBe('customers; fwd=bypass');
          expect(response.headers.get('server-timing')).toContain('path;desc="shards"');
          expect(((await response.json()) as { count: number }).count).toBe(4);
        }
        expect(server.lastWords()).toContain('nothing is cached');
      } finally {
        await server.stop();
      }
    });

    test('refuses replicas', async () => {
      await expect(serve({ POSTGRES_REPLICAS: '127.0.0.1:1' })).rejects.toThrow(
        'POSTGRES_REPLICAS cannot be used where Citus distributes the tables',
      );
    });

    test('finds all rows again after its read model was rebuilt', async () => {
      const before = (await room().list()).results;
      const { name, services } = room();
      await bringUp(services.postgres, 'optimized', name, () => {}, true);
      expect((await room().list()).results).toEqual(before);
      expect((await room().send('POST', '', before[0])).status).toBe(422);
      const taken = { first_name: 'A', last_name: 'B', customer_id: before[0]!.customer_id };
      expect((await room().send('POST', '', taken)).status).toBe(409);
    });
  });

  describe('lists', () => {
    const bases = { naiveBase: 'http://naive.test', optimizedBase: 'http://optimized.test' };
    const rows = 800;
    const naive = useRoom(async () => {
      const copy = await seededOnly('naive', rows);
      return openRoom('naive', (base) => ({ app: createApp(base) }), { on: copy });
    });
    const optimized = useRoom(async () =>
      openDistributed(await citus(), { on: await (await citus()).seeded(rows) }),
    );

    test('are the same as those of the naive server', async () => {
      const send: Fetch = (request) =>
        (request.url.startsWith(bases.naiveBase) ? naive() : optimized()).ask(request.url);
      const vocabulary = await readVocabulary(bases.naiveBase, 300, send);
      const outcome = await differential({ ...bases, requests: 600, seed: 7, vocabulary, fetch: send });
      expect(outcome.differences.map(shown)).toEqual([]);
      expect(outcome.filled).toBeGreaterThan(200);
    });
  });

  contract('optimized', async (options) => openDistributed(await citus(), options), {
    counts: 'none',
    plans: false,
    port: async () => (await citus()).port,
  });
});
