// The upper bound of the optimized server: the same server, driver and pool, but the statement is `select 1`.
import { base, handler } from '../../src/server/base.ts';
import { runner } from '../../src/server/database.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { createLog, prepare, serve } from '../../src/server/serve.ts';

const { config, sql } = await prepare('optimized', 8000);
const parts = { sql, config, log: createLog(config, 'optimized'), metrics: createMetrics() };

async function one(): Promise<Response> {
  const run = runner(sql);
  const [row] = await run<{ one: number }>('select 1 as one', []);
  parts.metrics.queries.inc(run.count);
  return new Response(`{"one":${row!.one}}`, { headers: { 'content-type': 'application/json' } });
}

serve(base({ room: 'optimized', ...parts }).get('/one', handler(parts, 'one', one)), {
  config,
  room: 'optimized',
  close: () => sql.end({ timeout: 1 }),
});
