import { describe, expect, test } from 'bun:test';
import { stateOf } from '../src/migrate/state.ts';
import { runner, transaction } from '../src/server/database.ts';
import { cluster, copyOf } from './cluster.ts';
import { useConnection } from './rooms.ts';

describe('a statement that fails after its first rows', () => {
  const sql = useConnection(() => copyOf('naive'));

  const fail = () =>
    expect(runner(sql())('select 1 / (4 - i) as share from generate_series(1, 10) i', [])).rejects.toThrow(
      'division by zero',
    );

  test('leaves no rows behind in the result of the next statement on its connection', async () => {
    const run = runner(sql());
    await fail();
    const rows = await run<{ i: number }>('select i from generate_series(1, 3) i', []);
    expect(rows.map(({ i }) => i)).toEqual([1, 2, 3]);
    expect(await run('select 1 as one where false', [])).toHaveLength(0);
  });

  test('does not change the reported state of the database', async () => {
    await fail();
    expect(await stateOf(sql(), 'naive')).toBe('current');
  });
});

describe('a statement whose client is gone', () => {
  const sql = useConnection(() => copyOf('naive'));
  /** Runs for 1 s, and loses its client after 0.1 s. */
  async function abandoned() {
    const client = new AbortController();
    const statement = runner(sql(), { signal: client.signal })('select pg_sleep(1)', []).then(
      () => 'ran to its end',
      (error) => error.status,
    );
    await Bun.sleep(100);
    client.abort();
    return statement;
  }

  test('is cancelled, and its connection stays usable', async () => {
    const began = performance.now();
    expect(await abandoned()).toBe(499);
    expect(performance.now() - began).toBeLessThan(800);
    expect(await runner(sql())('select 1 as one', [])).toHaveLength(1);
  });

  test('runs to its end if PostgreSQL accepts no connection to cancel it', async () => {
    const { options } = sql();
    const ports = options.port.splice(0, 1, 1);
    expect(await abandoned()).toBe('ran to its end');
    options.port.splice(0, 1, ...ports);
  });
});

describe('a statement that is cancelled in place of another one', () => {
  const sql = useConnection(() => copyOf('naive'));
  const slow = `select pg_sleep(0.3) as slept_${process.pid}`;
  /** Cancels the statement `times` times, and returns its outcome. */
  async function cancelled(times: number, run = runner(sql())): Promise<string> {
    const outcome = run(slow, []).then(
      () => 'ran to its end',
      (error) => error.code,
    );
    const { admin } = await cluster();
    for (let n = 0; n < times; ) {
      const done = await admin`
        select pg_cancel_backend(pid) from pg_stat_activity where state = 'active' and query = ${slow}`;
      n += done.length;
      await Bun.sleep(20);
    }
    return outcome;
  }

  test('is repeated once', async () => {
    expect(await cancelled(1)).toBe('ran to its end');
    expect(await cancelled(2)).toBe('57014');
  });

  test('is not repeated inside a transaction', async () => {
    const outcome = sql().begin((one) => cancelled(1, runner(one)));
    await expect(outcome).rejects.toMatchObject({ code: '57014' });
  });
});

describe('after a connection was lost during a statement, the next one on the pool', () => {
  const sql = useConnection(() => copyOf('naive'));
  const slow = `select pg_sleep(5) as lost_${process.pid}`;

  /** The statement that is lost is not repeated. */
  async function lose(): Promise<void> {
    const { admin } = await cluster();
    const outcome = runner(sql())(slow, []);
    outcome.catch(() => {});
    for (let ended = 0; ended === 0; await Bun.sleep(20)) {
      const done = await admin`
        select pg_terminate_backend(pid) from pg_stat_activity where state = 'active' and query = ${slow}`;
      ended = done.length;
    }
    await expect(outcome).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  }

  test('is answered', async () => {
    await lose();
    expect(await runner(sql())<{ one: number }>('select 1 as one', [])).toMatchObject([{ one: 1 }]);
  });

  test('is answered if it begins a transaction, whose work runs once', async () => {
    await lose();
    let times = 0;
    const rows = await transaction(sql(), (run) => {
      times += 1;
      return run<{ one: number }>('select 1 as one', []);
    });
    expect(rows).toMatchObject([{ one: 1 }]);
    expect(times).toBe(1);
  });
});

describe('a transaction whose connection is lost between two statements', () => {
  const sql = useConnection(() => copyOf('naive'));

  test('sends no further statement, which would be part of the next transaction', async () => {
    const { admin } = await cluster();
    await runner(sql())('create table note (text text)', []);
    const first = transaction(sql(), async (run) => {
      const [row] = await run<{ pid: number }>('select pg_backend_pid() as pid', []);
      await admin`select pg_terminate_backend(${row!.pid})`;
      await Bun.sleep(300);
      await run(`insert into note values ('first')`, []);
    });
    const second = transaction(sql(), async (run) => {
      await run(`insert into note values ('second')`, []);
      await Bun.sleep(500);
    });
    await expect(first).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await second;
    expect(await runner(sql())('select text from note', [])).toMatchObject([{ text: 'second' }]);
  });
});
