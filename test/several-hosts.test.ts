import { expect, setDefaultTimeout, test } from 'bun:test';
import { createApp } from '../src/naive/app.ts';
import { connect, runner } from '../src/server/database.ts';
import { cluster } from './cluster.ts';
import { insertPeople } from './contract/people.ts';
import { expectProblem } from './contract/problems.ts';
import { openRoom } from './rooms.ts';

// Tests a PostgreSQL that is one of several hosts; bench/cluster/failover.ts has a real failover.

setDefaultTimeout(60_000);

test('of several hosts, the one that answers is used, whatever its place in the list', async () => {
  const { postgres } = (await cluster()).services;
  const there = `127.0.0.1:${postgres.port}`;
  for (const host of [`127.0.0.1:1,${there}`, `${there},127.0.0.1:1`]) {
    const sql = connect({ ...postgres, host, port: 2 }, 'postgres', { pool: 1 });
    // The first attempt may reach the missing host.
    await runner(sql)('select 1 as one', []).catch(() => {});
    expect(await runner(sql)('select 1 as one', [])).toHaveLength(1);
    await sql.end();
  }
});

test('a database that accepts no writes, like a standby, gives 503 for them, and is read', async () => {
  const build = (base: Parameters<Parameters<typeof openRoom>[1]>[0]) => ({ app: createApp(base) });
  const standby = { default_transaction_read_only: 'on' };
  const room = await openRoom('naive', build, { fill: insertPeople }, standby);
  try {
    expect((await room.list()).results).toHaveLength(4);
    await expectProblem(await room.send('PATCH', '/1', { last_name: 'New' }), 503);
    await expectProblem(await room.send('DELETE', '/1'), 503);
  } finally {
    await room.close();
  }
});
