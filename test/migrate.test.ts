import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import { startServer } from '../bench/servers.ts';
import { type MigrateOptions, migrate } from '../src/migrate/migrate.ts';
import { faultOf, type Kind, stateOf } from '../src/migrate/state.ts';
import { digestOf, migrations, readModel } from '../src/migrate/steps.ts';
import { versions } from '../src/migrate/versions.ts';
import { checksum, ensureSeeded } from '../src/seed/index.ts';
import type { Sql } from '../src/server/database.ts';
import { type Copy, copyOf, environmentOf, seededOnly, within } from './cluster.ts';
import { customers } from './rooms.ts';

setDefaultTimeout(60_000);

/** The version number of the read model, and its digest. Another digest needs the next number, in versions.ts. */
const numbered = { number: 10, digest: 'eef893746cd5' };

describe('the versions', () => {
  test('match the files', () => {
    expect(migrations.map(({ number }) => number)).toEqual(
      Array.from({ length: versions.tables }, (_, i) => i + 1),
    );
    expect({ number: versions.readModel, digest: digestOf(readModel) }).toEqual(numbered);
  });
});

/** Migrates, and returns the steps taken. */
async function migrated(sql: Sql, kind: Kind, options: MigrateOptions = {}): Promise<string[]> {
  const steps: string[] = [];
  const step: MigrateOptions['step'] = async (name, work) => {
    await work();
    steps.push(name);
  };
  await migrate(sql, kind, { step, ...options });
  return steps;
}

const all = [...readModel.map(({ name }) => name), 'analyze'];

/** Puts the database into the state before the last migration of the tables and of the read model. */
const age = (sql: Sql) =>
  sql.unsafe(`drop table idempotency_key; delete from migration.applied where number = 3;
    update migration.read_model set number = 0, digest = 'of before'`);

/** Counts the rows of the listing, and the rows in which the listing and the view of the tables differ, in either direction. */
const wrongRows = async (sql: Sql) => {
  const [row] = await sql`
    select (select count(*) from customer_list) as rows,
      (select count(*) from (select * from customer_list_row except select * from customer_list) missing)
      + (select count(*) from (select * from customer_list except select * from customer_list_row) more) as wrong`;
  return { ...row };
};

/** Runs the command as a user would. */
function command({ db, ...copy }: Copy, ...args: string[]) {
  return Bun.spawn([process.execPath, 'src/migrate/main.ts', '--only', 'optimized', ...args], {
    cwd: join(import.meta.dir, '..'),
    env: { ...process.env, ...environmentOf({ db, ...copy }) },
    stdout: 'pipe',
    stderr: 'pipe',
  });
}

describe('a migration', () => {
  test('brings an older database up to date, with its rows and later writes', async () => {
    const copy = await seededOnly('optimized', 300);
    await within(copy.name, async (sql) => {
      await sql`update customer set first_name = 'Written' where id = 7`;
      const sum = await checksum(sql);
      await age(sql);
      expect(await stateOf(sql, 'optimized')).toBe('older');
      expect(await migrated(sql, 'optimized')).toEqual(['003_idempotency', ...all]);
      expect(await stateOf(sql, 'optimized')).toBe('current');
      expect(await checksum(sql)).toBe(sum);
      expect(await wrongRows(sql)).toEqual({ rows: 300, wrong: 0 });
      // The listing is maintained again.
      await sql`update customer set first_name = 'Later' where id = 8`;
      expect(await wrongRows(sql)).toEqual({ rows: 300, wrong: 0 });
      expect(await migrated(sql, 'optimized')).toEqual([]);
    });
    await copy.drop();
  });

  test('of the naive database changes only the tables', async () => {
    const copy = await copyOf('naive');
    await within(copy.name, async (sql) => {
      await sql.unsafe(`drop table idempotency_key; delete from migration.applied where number = 3`);
      expect(await migrated(sql, 'naive')).toEqual(['003_idempotency']);
      expect(await stateOf(sql, 'naive')).toBe('current');
    });
    await copy.drop();
  });

  test('continues where it was cut off, and refuses writes until then', async () => {
    const copy = await seededOnly('optimized', 300);
    await within(copy.name, async (sql) => {
      await age(sql);
      const cut = command(copy);
      // Waits for the rows, so that the kill hits one of the later steps.
      const done = async () =>
        (await sql`select steps from migration.read_model where number > 0`.catch(() => []))[0]?.steps ?? '';
      while (!(await done()).includes('rows of the listing')) await Bun.sleep(2);
      cut.kill('SIGKILL');
      await cut.exited;
      expect(await stateOf(sql, 'optimized')).toBe('unfinished');
      await expect(sql`delete from customer`).rejects.toMatchObject({ code: '55000' });

      const steps = await migrated(sql, 'optimized');
      expect(steps.length).toBeWithin(1, all.length - 7);
      expect(steps).toEqual(all.slice(-steps.length));
      expect(await stateOf(sql, 'optimized')).toBe('current');
      expect(await wrongRows(sql)).toEqual({ rows: 300, wrong: 0 });
      await sql`delete from customer where id = 1`;
      expect(await wrongRows(sql)).toEqual({ rows: 299, wrong: 0 });
    });
    await copy.drop();
  });

  test('is done once if two run at the same time', async () => {
    const copy = await copyOf('optimized');
    await within(copy.name, age);
    let waited = 0;
    const onWait = () => {
      waited += 1;
    };
    const two = [1, 2].map(() => within(copy.name, (sql) => migrated(sql, 'optimized', { onWait })));
    const steps = (await Promise.all(two)).map((taken) => taken.length).sort((a, b) => a - b);
    expect([steps, waited]).toEqual([[0, all.length + 1], 1]);
    await copy.drop();
  });

  test('never goes backward, and refuses a changed file', async () => {
    const copy = await copyOf('optimized');
    const after = (change: string, options?: MigrateOptions) =>
      within(copy.name, async (sql) => {
        await sql.unsafe(change);
        return migrated(sql, 'optimized', options);
      });
    await expect(after('update migration.read_model set number = 900')).rejects.toThrow('newer version');
    expect(await after('select', { rebuild: true })).toEqual(all);
    await expect(
      after(`insert into migration.applied values (900, '900_more', '', '{}')`, { rebuild: true }),
    ).rejects.toThrow('900_more was applied by a newer version');
    await expect(
      after(`delete from migration.applied where number = 900;
        update migration.applied set digest = 'other' where number = 2`),
    ).rejects.toThrow('002_constraints differs from the one that was applied');
    await copy.drop();
  });

  test('does not touch tables and views that are not its own', async () => {
    const copy = await copyOf('optimized');
    await within(copy.name, async (sql) => {
      await sql.unsafe(
        `create table photo (); create schema mine; create view mine.names as select first_name from customer_list`,
      );
      await expect(migrated(sql, 'optimized', { rebuild: true })).rejects.toThrow(/mine\.names/);
      expect(await stateOf(sql, 'optimized')).toBe('current');
      await sql.unsafe('drop view mine.names');
      expect(await migrated(sql, 'optimized', { rebuild: true })).toEqual(all);
      expect(await sql`select from photo`).toHaveLength(0);
    });
    await copy.drop();
  });

  test('makes servers answer with 503 meanwhile, and normally again afterwards', async () => {
    const copy = await seededOnly('optimized', 300);
    const server = await startServer('optimized', environmentOf(copy, { CACHE: 'off' }));
    const status = async (path: string, init?: RequestInit) => (await fetch(server.base + path, init)).status;
    const body = JSON.stringify({ first_name: 'A', last_name: 'B' });
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const statuses = async () => [
      await status('/ready'),
      await status(`${customers}?first_name=a&count=exact`),
      await status(`${customers}/1`),
      await status(customers, post),
    ];
    try {
      expect(await statuses()).toEqual([200, 200, 200, 201]);
      await within(copy.name, async (sql) => {
        let during: number[] = [];
        await age(sql);
        await migrated(sql, 'optimized', {
          step: async (name, work) => {
            if (name === 'rows of the listing') during = await statuses();
            await work();
          },
        });
        expect(during).toEqual([503, 503, 503, 503]);
        expect(await statuses()).toEqual([200, 200, 200, 201]);
        expect(await wrongRows(sql)).toEqual({ rows: 302, wrong: 0 });
      });
    } finally {
      await server.stop();
      await copy.drop();
    }
  });
});

describe('the seeder', () => {
  test('migrates a database that already has the rows', async () => {
    const copy = await seededOnly('optimized', 300);
    const { services, db } = copy;
    const again = { services, db, customers: 300, only: 'optimized', quiet: true } as const;
    await within(copy.name, (sql) => sql`update migration.read_model set digest = 'other', number = 0`);
    const { seeded, databases } = await ensureSeeded(again);
    expect([seeded, databases[0]!.steps.map(({ step }) => step)]).toEqual([false, all]);
    await within(copy.name, (sql) => sql`update migration.read_model set number = 900`);
    await expect(ensureSeeded(again)).rejects.toThrow(faultOf('newer', copy.name)!);
    await copy.drop();
  });
});

describe('the command', () => {
  test('reports what it did, or why it cannot', async () => {
    const copy = await copyOf('optimized');
    const outcome = async (...args: string[]) => {
      const child = command(copy, ...args);
      const [code, out, err] = await Promise.all([
        child.exited,
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ]);
      return { code, out, err };
    };
    expect(await outcome()).toEqual({ code: 0, out: `${copy.name}: nothing to do\n`, err: '' });
    const rebuilt = await outcome('--rebuild');
    expect(rebuilt).toMatchObject({ code: 0, out: `${copy.name}: migrated, ${all.length} steps\n` });
    expect(rebuilt.err).toContain(`${copy.name}: indexes done in `);
    await copy.drop();
    expect(await outcome()).toMatchObject({
      code: 1,
      err: 'There is no database to migrate. To create one: npm run seed\n',
    });
    expect(await outcome('--what')).toMatchObject({ code: 1, err: expect.stringContaining('--what') });
  });
});
