import { Elysia } from 'elysia';
import type { Logger } from 'pino';
import { Problem } from '../contract/problem.ts';
import type { Config } from './config.ts';
import type { Sql } from './database.ts';
import { toProblem } from './errors.ts';
import type { Metrics } from './metrics.ts';

// What both rooms stand on: error answers, health, readiness, metrics and the docs page.

/** What a room is built from. */
export interface Base {
  room: 'naive' | 'optimized';
  config: Pick<Config, 'apiToken' | 'host'>;
  sql: Sql;
  log: Logger;
  metrics: Metrics;
  /** names the parts that do not work and can be done without */
  degraded?: () => string[];
}

const customers = /^\/api\/v1\/customers\/?$/;
const customer = /^\/api\/v1\/customers\/[^/]+\/?$/;

function notFound({ method, url }: Request): Problem {
  const { pathname } = new URL(url);
  const allow = customers.test(pathname)
    ? 'GET, POST'
    : customer.test(pathname)
      ? 'GET, PATCH, DELETE'
      : null;
  if (allow === null) return new Problem(404, 'There is nothing at this address.');
  return new Problem(405, `${method} is not possible here.`, { headers: { allow } });
}

/** An app with everything but the customers. Every error below it becomes `application/problem+json`. */
export const base = ({ room, sql, log, metrics, degraded = () => [] }: Base) =>
  new Elysia({ name: `base-${room}` })
    .onError({ as: 'global' }, ({ error, code, request }) =>
      (code === 'NOT_FOUND' ? notFound(request) : toProblem(error, log, request)).response(),
    )
    // No client reads the docs in the first milliseconds, and lists are answered without them.
    .use(import('./swagger.ts').then(({ docs }) => docs(room)))
    .get('/health', () => Response.json({ status: 'up' }))
    .get('/ready', async () => {
      const started = performance.now();
      await sql`select 1`;
      const database_ms = Math.round((performance.now() - started) * 10) / 10;
      const parts = degraded();
      return Response.json({ status: parts.length > 0 ? 'degraded' : 'ready', degraded: parts, database_ms });
    })
    .get(
      '/metrics',
      async () =>
        new Response(await metrics.registry.metrics(), {
          headers: { 'content-type': metrics.registry.contentType },
        }),
    );

/**
 * A handler for Elysia: turns what `handle` throws into its answer, and observes how long it took. An answer that is
 * there at once is not waited for, which would take longer than to find it.
 */
export const handler = (
  { metrics, log }: Pick<Base, 'metrics' | 'log'>,
  route: string,
  handle: (request: Request, id: string) => Response | Promise<Response>,
) => {
  // To look one up by its labels takes longer than to observe.
  const observers = new Map<number, { observe(seconds: number): void }>();
  const observer = (status: number) => {
    const made = metrics.requests.labels(route, String(status));
    observers.set(status, made);
    return made;
  };
  const observed = (response: Response, started: number): Response => {
    const { status } = response;
    (observers.get(status) ?? observer(status)).observe((performance.now() - started) / 1000);
    return response;
  };
  return ({ request, params }: { request: Request; params?: { id?: string } }) => {
    const started = performance.now();
    const failed = (error: unknown) => observed(toProblem(error, log, request).response(), started);
    try {
      const answer = handle(request, params?.id ?? '');
      if (answer instanceof Response) return observed(answer, started);
      return answer.then((response) => observed(response, started), failed);
    } catch (error) {
      return failed(error);
    }
  };
};
