import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import { openCopy } from '../src/seed/copy.ts';
import { customers } from '../src/seed/customer.ts';
import { checksum, ensureSeeded, type ProfileName, type SeedOptions } from '../src/seed/index.ts';
import { profiles } from '../src/seed/profiles/index.ts';
import { noRedis, readConfig } from '../src/server/config.ts';
import { connected, type Sql } from '../src/server/connection.ts';
import { type Services, startServices, stopServices } from '../src/services/index.ts';
import { ownFolder } from './kept.ts';

// If a test takes too long, the PostgreSQL of all other tests is killed.
setDefaultTimeout(60_000);

const root = join(import.meta.dir, '..');
const dataDir = ownFolder('seed');
let services: Services;

beforeAll(async () => {
  services = await startServices(readConfig({ port: 0 }, { REDIS_URL: noRedis }), {
    dataDir,
    throwaway: true,
  });
}, 60_000);
afterAll(() => stopServices({ dataDir }), 60_000);

const seed = (options: Omit<SeedOptions, 'services'>) => ensureSeeded({ services, quiet: true, ...options });
const within = <T>(database: string, work: (sql: Sql) => Promise<T>) =>
  connected({ ...services.postgres, database }, work);
const sumOf = (database: string) => within(database, checksum);

/** Runs the command as a user would. */
function command(args: string[], db = 'cli') {
  const { host, port, user, password } = services.postgres;
  return Bun.spawn([process.execPath, 'src/seed/main.ts', ...args], {
    cwd: root,
    stdout: 'pipe',
    stderr: 'pipe',
    env: {
      ...process.env,
      POSTGRES_HOST: host,
      POSTGRES_PORT: String(port),
      POSTGRES_USER: user,
      POSTGRES_PASSWORD: password,
      POSTGRES_DB: db,
      REDIS_URL: noRedis,
    },
  });
}

const text = (stream: ReadableStream) => new Response(stream).text();

async function outcome(child: ReturnType<typeof command>) {
  const [code, out, err] = await Promise.all([child.exited, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}

describe('the databases', () => {
  test('contain the same rows, whatever the number of workers', async () => {
    const { databases } = await seed({ db: 'same', customers: 2_000 });
    expect(databases.map((database) => database.seeded)).toEqual([true, true]);
    expect(databases[1]!.steps.map(({ step }) => step)).toContain('copy');
    // Enough rows for each of three workers.
    await seed({ db: 'three', customers: 12_000, workers: 3, only: 'naive' });
    await seed({ db: 'alone', customers: 12_000, workers: 1, only: 'naive' });
    await seed({ db: 'other', customers: 12_000, workers: 2, only: 'naive', seed: 2 });

    const sum = await sumOf('same_naive');
    expect(sum).toStartWith('1000:');
    expect(await sumOf('same_optimized')).toBe(sum);
    const many = await sumOf('three_naive');
    expect(many).toStartWith('6000:');
    expect(await sumOf('alone_naive')).toBe(many);
    expect(await sumOf('other_naive')).not.toBe(many);
  }, 120_000);

  test.each(Object.keys(profiles) as ProfileName[])(
    'contain the rows of the profile %s',
    async (data) => {
      const options = { customers: 6_000, only: 'naive', data } as const;
      await seed({ ...options, db: `one_${data}`, workers: 1 });
      await seed({ ...options, db: `two_${data}`, workers: 2 });
      expect(await sumOf(`two_${data}_naive`)).toBe(await sumOf(`one_${data}_naive`));

      const rowsOf = customers(1, data);
      const stored = await within(
        `one_${data}_naive`,
        (sql) => sql`
        select first_name, last_name, customer_id, phone_number, points, street, street_number, city_code, city, country
          from customer
          left join customer_relationship on customer_ref = customer.id
          left join address on address.id = address_id and (customer.id - 1) % ${profiles[data].customersPerAddress} = 0
         order by customer.id`,
      );
      expect(stored.length).toBe(6_000);
      for (const [i, row] of stored.entries()) {
        const { customer: person, address, relationship } = rowsOf(i);
        expect({ ...row }).toEqual({
          first_name: person.firstName,
          last_name: person.lastName,
          customer_id: person.customerId,
          phone_number: person.phoneNumber,
          points: relationship?.points ?? null,
          street: address?.street ?? null,
          street_number: address?.streetNumber ?? null,
          city_code: address?.cityCode ?? null,
          city: address?.city ?? null,
          country: address?.country ?? null,
        });
      }
    },
    30_000,
  );

  test('are skipped when they are complete, and continue with the next id', async () => {
    expect((await seed({ db: 'same', customers: 2_000 })).seeded).toBe(false);
    for (const name of ['same_naive', 'same_optimized']) {
      const [row] = await within(
        name,
        (sql) => sql`
          insert into customer (first_name, last_name, customer_id) values ('A', 'B', 'c')
          returning id, (select nextval(pg_get_serial_sequence('address', 'id'))) as address`,
      );
      expect(row).toEqual({ id: 2_001, address: 1_001 });
    }
  });

  test('that were marked before profiles existed count as default ones', async () => {
    await within('postgres', async (sql) => {
      const [row] = await sql`
        select shobj_description(oid, 'pg_database') as mark from pg_database where datname = 'same_naive'`;
      const { data, ...mark } = JSON.parse(row!.mark);
      expect(data).toBe('default');
      await sql.unsafe(`comment on database same_naive is '${JSON.stringify(mark)}'`);
    });
    const asked = { db: 'same', customers: 2_000, only: 'naive' } as const;
    expect((await seed(asked)).seeded).toBe(false);
    await expect(seed({ ...asked, data: 'uniform' })).rejects.toThrow('holds 2000 default customers');
  });

  test('that a benchmark wrote to are created again, without a copy of its writes', async () => {
    const bench = { db: 'bench', customers: 1_000, workers: 1, replace: true };
    await seed({ ...bench, only: 'naive' });
    expect((await seed({ ...bench, only: 'naive' })).seeded).toBe(false);
    await within('bench_naive', (sql) => sql`delete from customer where id = 7`);
    const { databases } = await seed({ ...bench, only: 'optimized' });
    expect(databases[0]!.steps[0]!.step).toBe('rows');
    expect((await seed(bench)).databases.map((database) => database.seeded)).toEqual([true, false]);
    expect(await sumOf('bench_naive')).toBe(await sumOf('bench_optimized'));
    // A customer that was created and deleted leaves its idempotency key.
    await within('bench_naive', (sql) => sql`insert into idempotency_key (key, request) values ('k', '')`);
    expect((await seed({ ...bench, only: 'naive' })).seeded).toBe(true);
  }, 120_000);

  test('that were being copied, and not marked yet, are created again', async () => {
    const half = { db: 'half', customers: 10, workers: 1 };
    await seed({ ...half, only: 'naive' });
    await within('postgres', (sql) => sql`create database half_optimized_new template half_naive`);
    expect((await seed(half)).databases.map(({ seeded }) => seeded)).toEqual([false, true]);
  }, 60_000);

  test('with other contents are left alone', async () => {
    await expect(seed({ db: 'same', customers: 10 })).rejects.toThrow(
      'same_naive holds 2000 default customers of seed 1, not 10 default customers of seed 1. To replace it: ' +
        'npm run seed -- --force',
    );
    await expect(seed({ db: 'same', customers: 2_000, data: 'diverse' })).rejects.toThrow(
      'same_naive holds 2000 default customers of seed 1, not 2000 diverse customers of seed 1.',
    );
    await within('postgres', (sql) => sql`create database mine_naive`);
    await within('mine_naive', (sql) => sql`create table photo ()`);
    await expect(seed({ db: 'mine', customers: 10 })).rejects.toThrow('tables that the seeder did not make');
    await within('postgres', (sql) => sql`create database yours_naive_new`);
    await within('yours_naive_new', (sql) => sql`create table photo ()`);
    await expect(seed({ db: 'yours', customers: 10, replace: true })).rejects.toThrow('in the way');
  });

  test('are filled once if two runs start at the same time', async () => {
    const runs = [1, 2].map(() => seed({ db: 'twice', customers: 3_000, only: 'naive' }));
    const seeded = (await Promise.all(runs)).map((run) => run.seeded);
    expect(seeded.sort()).toEqual([false, true]);
  });

  test('report an error of COPY', async () => {
    const refused = within('same_naive', async (sql) => {
      const copy = await openCopy(sql, 'customer_relationship');
      await copy.write({ text: 'no number\n', rows: 1 });
      await copy.end();
    });
    await expect(refused).rejects.toThrow('invalid input syntax');
  });
});

describe('the command', () => {
  test('completes everything in the next run if it was killed half-way', async () => {
    const args = ['--customers', '20_000', '--only', 'naive', '--workers', '1'];
    const killed = command(args);
    const stored = () =>
      within('cli_naive_new', (sql) => sql`select 1 from customer limit 1`).then(
        (rows) => rows.length > 0,
        () => false,
      );
    while (!(await stored())) await Bun.sleep(20);
    killed.kill('SIGKILL');
    await killed.exited;
    const names = () =>
      within('postgres', async (sql) => {
        const rows = await sql<
          { name: string }[]
        >`select datname as name from pg_database where datname ~ '^cli'`;
        return rows.map((row) => row.name);
      });
    expect(await names()).toEqual(['cli_naive_new']);

    const { code, out } = await outcome(command(args));
    expect(out).toStartWith('cli_naive: 20000 customers in ');
    expect(code).toBe(0);
    expect(await names()).toEqual(['cli_naive']);
    expect(await sumOf('cli_naive')).toMatch(/^10000:\S+ 20000:/);
  }, 120_000);

  test('creates empty tables for zero customers', async () => {
    const { code } = await outcome(command(['--customers', '0'], 'empty'));
    expect(code).toBe(0);
    const sums = await Promise.all(['empty_naive', 'empty_optimized'].map(sumOf));
    expect(sums).toEqual(['0:0 0:0 0:0', '0:0 0:0 0:0']);
  }, 120_000);

  test('reports bad arguments in one line', async () => {
    const bad = [
      ['--customers', 'many'],
      ['--only', 'both'],
      ['--workers', '0'],
      ['--data', 'real'],
      ['--force', 'x'],
      ['--sed', '1'],
    ];
    for (const { code, err } of await Promise.all(bad.map((args) => outcome(command(args))))) {
      expect(err).toMatch(/^[^\n]+\n$/);
      expect(code).toBe(1);
    }
    const asked = await outcome(command(['--customers', '7', '--only', 'naive']));
    expect(asked.err).toContain(
      'cli_naive holds 20000 default customers of seed 1, not 7 default customers of seed 1',
    );
    expect(asked.code).toBe(1);
  }, 120_000);
});
