import { command, run } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import type { Sql } from '../../src/server/database.ts';
import { writeFigures } from '../figures.ts';
import { accessPath, byFrequency, countPaths } from '../latency/access-path.ts';
import { cpuSecondsOfFamily, databaseProcess, usageOf } from '../processes.ts';
import { listPath } from '../requests.ts';
import { startServer } from '../servers.ts';
import { connectAsServer, cursorsOf } from '../shapes/optimized.ts';
import { population, setStage } from '../stage.ts';
import { short, table } from '../table.ts';
import { type Cost, head, row } from './document.ts';

// Processor time of a request on the optimized server without its cache; bytes of a customer on disk and in the WAL.
// docs/scaling.md multiplies these figures.

const users = 4;
const samples = 1_500;

export const program = command(
  'bench -- cost',
  'Measures the processor time of each kind of request on the optimized server without its cache, the WAL that a create writes, and the bytes that a customer takes on disk.',
)
  .addOption(option.customers(300_000))
  .addOption(option.data)
  .addOption(option.database)
  .addOption(option.json)
  .action(async ({ customers, data, database, json }) => {
    const started = new Date();
    const stage = await setStage(customers, { data, existing: database });
    const sql = connectAsServer(stage);
    const server = await startServer('optimized', { ...stage.environment, CACHE: 'off' });
    try {
      const postgres = await databaseProcess(sql);
      const used = () => ({
        server: usageOf(server.pid)?.cpuSeconds ?? Number.NaN,
        postgres: cpuSecondsOfFamily(postgres ?? 0),
      });
      const costs: Cost[] = [];
      for (const [kind, requests] of Object.entries(await kindsOf(sql))) {
        await all(server.base, requests.slice(0, samples / 4)); // warm-up: the server compiles and opens its connections
        const before = used();
        const paths = await all(server.base, requests);
        const after = used();
        const each = (name: 'server' | 'postgres') => (1e6 * (after[name] - before[name])) / requests.length;
        costs.push({
          kind,
          paths,
          requests: requests.length,
          server: each('server'),
          postgres: each('postgres'),
        });
      }
      const logged = await logBytes(sql, () => all(server.base, creates('log')).then(() => samples));
      const bytes = await bytesOf(sql);
      console.log(`${population(stage)}, no cache: µs of processor time per request\n`);
      console.log(table([head, ...costs.map(row)]));
      console.log(`\n${short(bytes)} bytes on disk per customer, ${short(logged)} bytes of WAL per create`);
      await writeFigures('cost', started, json, {
        customers: stage.customers,
        data: stage.data,
        costs,
        bytes,
        logged,
      });
    } finally {
      await server.stop();
      await sql`delete from customer where customer_id like 'cost-%'`;
      await sql.end();
    }
  });

interface Request {
  path: string;
  body?: string;
}

const creates = (name: string): Request[] =>
  Array.from({ length: samples }, (_, n) => {
    const address = { country: 'Costland', city: 'Measured', city_code: '12345' };
    const body = { first_name: 'Cost', last_name: `Of ${n}`, customer_id: `cost-${name}-${n}` };
    return { path: listPath, body: JSON.stringify({ ...body, address, relationship: { points: n } }) };
  });

/** The requests of each kind, with values from rows all over the table. */
async function kindsOf(sql: Sql): Promise<Record<string, Request[]>> {
  const rows = await sql<Record<'id' | 'created' | 'last_name' | 'first_name' | 'city' | 'phone', string>[]>`
    select id, created, last_name, first_name, city, substr(phone_number, 4, 6) as phone
    from customer_list where city is not null and phone_number is not null order by md5(id::text) limit ${samples}`;
  const { behind } = cursorsOf(listPath);
  const list = (query: (row: (typeof rows)[number]) => Record<string, string>) =>
    rows.map((row) => ({ path: `${listPath}?${new URLSearchParams(query(row))}` }));
  return {
    'one customer': rows.map(({ id }) => ({ path: `${listPath}/${id}` })),
    'a page by cursor': list(({ created, id }) => ({ cursor: behind([created], Number(id)) })),
    'last name, newest first': list(({ last_name }) => ({ last_name })),
    'city, by points': list(({ city }) => ({ city, sort_by: 'points' })),
    'part of a phone number': list(({ phone }) => ({ phone_number: phone })),
    'search for a name and a city': list(({ last_name, city }) => ({ search: `${last_name} ${city}` })),
    'search by relevance': list(({ first_name, last_name }) => ({
      search: `${first_name} ${last_name}`,
      sort_by: 'relevance',
    })),
    'exact count of a first name': list(({ first_name }) => ({ first_name, count: 'exact' })),
    create: creates('time'),
  };
}

/** Sends the requests, a few at a time. Returns the access paths of the answers. */
async function all(base: string, requests: Request[]): Promise<string> {
  const paths: (string | null)[] = [];
  const waiting = requests.values();
  const work = async () => {
    for (const { path, body } of waiting) {
      const init = body
        ? { method: 'POST', body, headers: { 'content-type': 'application/json' } }
        : undefined;
      const response = await fetch(base + path, init);
      await response.arrayBuffer();
      paths.push(accessPath(response.headers.get('server-timing')));
    }
  };
  await Promise.all(Array.from({ length: users }, work));
  const counts = countPaths(paths);
  return byFrequency([counts])
    .slice(0, 3)
    .map((name) => `${name} ${Math.round((100 * counts[name]!) / requests.length)} %`)
    .join(', ');
}

/** WAL bytes of each operation of `work`, including the full-page images after a checkpoint. */
async function logBytes(sql: Sql, work: () => Promise<number>): Promise<number> {
  await sql`checkpoint`;
  const [before] = await sql<{ at: string }[]>`select pg_current_wal_lsn()::text as at`;
  const count = await work();
  const [after] = await sql<{ bytes: number }[]>`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), ${before!.at}::pg_lsn)::float8 as bytes`;
  return after!.bytes / count;
}

/** Bytes of all tables and indexes, per customer. */
async function bytesOf(sql: Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select (sum(pg_total_relation_size(oid)) / (select count(*) from customer))::float8 as bytes
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;
  return row!.bytes;
}

if (import.meta.main) await run(program);
