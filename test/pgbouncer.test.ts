import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { PgBouncer } from '../bench/cluster/pgbouncer.ts';
import { startServer } from '../bench/servers.ts';
import { connectionSettings } from '../src/optimized/listing/read.ts';
import { connect, runner } from '../src/server/database.ts';
import { type Copy, copyOf, environmentOf, type Kind } from './cluster.ts';
import { change } from './contract/change.suite.ts';
import { create } from './contract/create.suite.ts';
import { lists } from './contract/index.ts';
import { cuts } from './contract/outages.suite.ts';
import { insertPeople } from './contract/people.ts';
import { connections, hasPgBouncer, openPooled, pgBouncerFor } from './pooled.ts';
import { useRoom } from './rooms.ts';

// Tests what could depend on the PostgreSQL session of a statement; pgbouncer.whole.ts has the whole contract.

describe.if(hasPgBouncer)('through PgBouncer', () => {
  describe.each<Kind>(['naive', 'optimized'])('%s, when written to', (kind) => {
    const room = useRoom(openPooled[kind], { fill: insertPeople });
    create(room);
    change(room);
  });
  lists('optimized', openPooled.optimized);
  describe('optimized', () => cuts(openPooled.optimized));

  describe('with more clients than connections', () => {
    let copy: Copy;
    let bouncer: PgBouncer;
    beforeAll(async () => {
      copy = await copyOf('optimized');
      bouncer = await pgBouncerFor('optimized');
    });
    afterAll(async () => {
      await bouncer?.stop();
      await copy?.drop();
    });
    const clients = (pool: number) =>
      connect({ ...copy.services.postgres, port: bouncer.port }, copy.name, { pool }, connectionSettings);

    test('every session has the settings, and a prepared statement works in each', async () => {
      const sql = clients(8);
      const asked = `select pg_backend_pid() as pid, current_setting('plan_cache_mode') as plans, $1::int as n, pg_sleep(0.005)`;
      const numbers = Array.from({ length: 100 }, (_, n) => n);
      const rows = await Promise.all(
        numbers.map(async (n) => {
          const [row] = await runner(sql)<{ pid: number; plans: string; n: number }>(asked, [n]);
          return row!;
        }),
      );
      await sql.end();
      expect(rows.map(({ n }) => n)).toEqual(numbers);
      expect(new Set(rows.map(({ plans }) => plans))).toEqual(new Set(['force_generic_plan']));
      expect(new Set(rows.map(({ pid }) => pid)).size).toBe(connections);
    });

    test('a statement whose client is gone is cancelled, and no other is', async () => {
      const sql = clients(2);
      const client = new AbortController();
      const began = performance.now();
      const [gone, other] = await Promise.all([
        runner(sql, { signal: client.signal })('select pg_sleep(2)', []).catch((error) => error.status),
        runner(sql)('select pg_sleep(0.5), 1 as one', []),
        Bun.sleep(100).then(() => client.abort()),
      ]);
      await sql.end();
      expect([gone, other.length]).toEqual([499, 1]);
      expect(performance.now() - began).toBeLessThan(1_500);
    });

    test('a server starts, and one whose settings do not arrive names the setting and ends', async () => {
      const environment = environmentOf(copy, { POSTGRES_PORT: `${bouncer.port}`, CACHE: 'off' });
      const server = await startServer('optimized', environment);
      expect((await fetch(`${server.base}/ready`)).status).toBe(200);
      await server.stop();
      const other = startServer('optimized', { ...environment, STATEMENT_TIMEOUT: '12345' });
      await expect(other).rejects.toThrow('statement_timeout = 30000, not 12345');
    });
  });
});
