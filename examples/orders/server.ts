import { Elysia } from 'elysia';
import { Problem } from '../../src/contract/problem.ts';
import { modules } from '../../src/migrate/steps.ts';
import { timingOf } from '../../src/optimized/answers.ts';
import { type CacheSettings, openCache } from '../../src/optimized/cache/open.ts';
import { assemble, listName, readPage, windowOf } from '../../src/optimized/listing/pages.ts';
import { openReader } from '../../src/optimized/listing/reader.ts';
import { buildSteps } from '../../src/optimized/listing/schema.ts';
import { runner, type Sql } from '../../src/server/database.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { orders, readOrders, render } from './columns.ts';
import madeUp from './made-up.sql' with { type: 'text' };
import schema from './schema.sql' with { type: 'text' };

/** Creates the tables, some orders and their listing in an empty database. */
export async function build(sql: Sql, count: number): Promise<void> {
  for (const { text } of modules) await sql.unsafe(text).simple();
  await sql.unsafe(schema).simple();
  await sql.unsafe(madeUp, [count]);
  for (const { text } of buildSteps(orders)) await sql.unsafe(text).simple();
  await sql`call listing_follow(${orders.table}, 'purchase')`;
}

/** A server for the list: `GET /api/v1/orders`. */
export async function createOrders(sql: Sql, settings: CacheSettings) {
  const reader = await openReader(sql, orders, render);
  await reader.ready;
  const opened = await openCache(sql, orders, createMetrics().registry, settings);
  const list = async ({ request: { url } }: { request: Request }) => {
    const started = performance.now();
    const asked = readOrders(url, { cursors: true, count: 'none' });
    const name = listName(orders, asked);
    const window = windowOf(orders, name, asked);
    const run = runner(sql);
    let path = '';
    const { text, from } = await opened.cache.get(JSON.stringify([name, asked]), async () => {
      const page = await readPage(run, reader, asked, name, window);
      path = page.path;
      return page;
    });
    const { body, etag } = assemble(url, text);
    const { header, end } = timingOf((performance.now() - started) / 1000, run.count, path);
    const headers = { etag, 'content-type': 'application/json', 'server-timing': header, 'x-from': from };
    return new Response(body + end, { headers });
  };
  const app = new Elysia()
    .onError(({ error }) => (error instanceof Problem ? error.response() : undefined))
    .get('/api/v1/orders', list);
  const close = async () => {
    reader.close();
    await opened.close();
  };
  return { app, close };
}
