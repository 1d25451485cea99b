import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Sql } from './database.ts';
import type { Metrics } from './metrics.ts';
import { requestId } from './request-id.ts';
import type { Tracing } from './tracing.ts';

/** Called before a statement of a request is sent, with its access path; the result is called at its end. */
export type Watch = (text: string, path?: string) => (error?: unknown) => void;

/** ms between two logged plans: making one takes planner time, and slow statements come in bursts. */
const interval = 10_000;

interface Parts {
  config: Pick<Config, 'slowStatement' | 'tracesEndpoint'>;
  room: string;
  sql: Sql;
  log: Logger;
  metrics: Metrics;
}

/** Observes requests and statements: metrics, a log line if one is slow, traces if they are on. */
export async function openWatch({ config, room, sql, log, metrics }: Parts): Promise<{
  watch: (request: Request) => Watch;
  tracing: Tracing | null;
}> {
  const { slowStatement, tracesEndpoint } = config;
  const tracing =
    tracesEndpoint === null ? null : (await import('./tracing.ts')).openTracing(tracesEndpoint, room);
  let planned = Number.NEGATIVE_INFINITY;

  async function slow(request: Request, text: string, path: string, ms: number): Promise<void> {
    const line = { id: requestId(request), path, ms: Math.round(ms), statement: text };
    log.warn(line, 'slow statement');
    if (performance.now() - planned < interval) return;
    planned = performance.now();
    // The generic plan: the request's values are in no log, and the statement is not run again.
    const rows = await sql.unsafe(`explain (generic_plan) ${text}`).simple();
    log.warn({ id: line.id, path, plan: rows.map((row) => row['QUERY PLAN']) }, 'its plan');
  }

  const watch = (request: Request): Watch => {
    return (text, path = 'other') => {
      const started = performance.now();
      const traced = tracing?.statement(request, text, path);
      metrics.inFlight.count += 1;
      return (error) => {
        const ms = performance.now() - started;
        metrics.inFlight.count -= 1;
        metrics.statement(path, ms / 1000);
        traced?.(error);
        if (slowStatement > 0 && ms >= slowStatement) slow(request, text, path, ms).catch(() => {});
      };
    };
  };
  return { watch, tracing };
}
