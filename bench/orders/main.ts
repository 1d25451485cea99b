import { build, createOrders } from '../../examples/orders/server.ts';
import { command, run, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { connectionSettings } from '../../src/optimized/listing/read.ts';
import { readConfig } from '../../src/server/config.ts';
import { connected } from '../../src/server/connection.ts';
import { connect, type Sql } from '../../src/server/database.ts';
import { startServices } from '../../src/services/index.ts';
import { writeFigures } from '../figures.ts';
import { accessPath } from '../latency/access-path.ts';
import { table } from '../table.ts';
import { head, type Measured, row } from './document.ts';
import { rungs } from './rungs.ts';

export const program = command(
  'bench -- orders',
  'Measures what the listing gains for another table, the orders of examples/orders: the same pages by plain SQL on the table and by the listing, without a cache. The pages are compared first; a difference ends the command.',
)
  .addOption(option.customers(300_000, 'number of orders'))
  .addOption(option.rounds(5))
  .addOption(option.json)
  .action(async ({ customers: count, rounds, json }) => {
    const started = new Date();
    const { postgres } = await startServices(readConfig({ port: 0 }));
    const database = 'bench_orders';
    await connected({ ...postgres, database: 'postgres' }, async (admin) => {
      await admin`drop database if exists ${admin(database)} with (force)`;
      await admin`create database ${admin(database)}`;
      const sql = connect(postgres, database, { pool: 1 }, connectionSettings);
      try {
        console.error(`Building ${count.toLocaleString('en-US')} orders and their listing ...`);
        await build(sql, count);
        await sql`vacuum analyze`;
        const bytes = await sizesOf(sql);
        const measured = await measure(sql, rounds);
        console.log(`${count.toLocaleString('en-US')} orders, medians of ${rounds} rounds\n`);
        console.log(table([head, ...measured.map(row)]));
        await writeFigures('orders', started, json, { orders: count, rounds, bytes, measured });
      } finally {
        await sql.end();
        await admin`drop database ${admin(database)} with (force)`;
      }
    });
  });

/** Bytes of the orders table with its key, and of all the listing's tables and indexes. */
async function sizesOf(sql: Sql): Promise<{ table: number; listing: number }> {
  const [sizes] = await sql<{ table: number; listing: number }[]>`
    select sum(pg_total_relation_size(oid)) filter (where relname = 'purchase')::float8 as table,
      sum(pg_total_relation_size(oid)) filter (where relname <> 'purchase')::float8 as listing
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;
  return sizes!;
}

async function measure(sql: Sql, rounds: number): Promise<Measured[]> {
  const settings = { mode: 'off', timeout: 0, redisUrl: null, scope: 'bench' } as const;
  const { app, close } = await createOrders(sql, settings);
  const found: Measured[] = [];
  for (const { title, query, condition, order, skip = 0 } of rungs) {
    const direction = order.endsWith('desc') ? 'desc' : 'asc';
    const text = `select * from order_list_row where ${condition}
      order by ${order} nulls last, id ${direction} limit 20 offset ${skip}`;
    const ways = {
      plain: async () =>
        (await sql.unsafe<{ id: number }[]>(text, [], { prepare: true })).map(({ id }) => id),
      async listing() {
        const response = await app.handle(new Request(`http://orders/api/v1/orders?${query}`));
        const page = (await response.json()) as { results: { id: number }[] };
        return {
          ids: page.results.map(({ id }) => Number(id)),
          path: accessPath(response.headers.get('server-timing')) ?? '',
        };
      },
    };
    const expected = await ways.plain();
    const { ids, path } = await ways.listing();
    if (expected.length === 0 || `${expected}` !== `${ids}`)
      throw new Stop(`${title}: plain SQL finds the orders ${expected}, the listing ${ids}.`);
    const times = { plain: [] as number[], listing: [] as number[] };
    for (let round = 0; round < rounds; round++)
      for (const way of round % 2 ? (['listing', 'plain'] as const) : (['plain', 'listing'] as const)) {
        const began = performance.now();
        await ways[way]();
        times[way].push(performance.now() - began);
      }
    found.push({ title, path, ...times });
  }
  await close();
  return found;
}

if (import.meta.main) await run(program);
