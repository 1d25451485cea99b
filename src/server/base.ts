import { cors } from '@elysiajs/cors';
import { Elysia } from 'elysia';
import type { Logger } from 'pino';
import { Problem, unavailable } from '../contract/problem.ts';
import { badHost } from '../contract/query.ts';
import { type Kind, stateOf } from '../migrate/state.ts';
import type { Admission } from './admission.ts';
import type { Config } from './config.ts';
import { type Sql, within } from './database.ts';
import { toProblem } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { requestId } from './request-id.ts';
import type { Tracing } from './tracing.ts';
import type { Watch } from './watch.ts';

// What both servers share: error responses, health, readiness, metrics and the docs page.

/** The parts of a server. */
export interface Base {
  room: Kind;
  config: Pick<Config, 'apiToken' | 'host' | 'corsOrigins'>;
  sql: Sql;
  log: Logger;
  metrics: Metrics;
  /** observes the statements of a request */
  watch?: (request: Request) => Watch;
  tracing?: Tracing | null;
  /** names the optional parts that do not work */
  degraded?: () => string[];
}

/** Set at shutdown: `/ready` fails, and each response closes its connection. */
export const ending = { begun: false };

/** ms after which the database counts as unresponsive. */
const readyLimit = 1000;

const customers = /^\/api\/v1\/customers\/?$/;
const customer = /^\/api\/v1\/customers\/[^/]+\/?$/;

function notFound({ method, url }: Request): Problem {
  const address = URL.parse(url);
  if (address === null) return badHost();
  const { pathname } = address;
  const allow = customers.test(pathname)
    ? 'GET, POST'
    : customer.test(pathname)
      ? 'GET, PATCH, DELETE'
      : null;
  if (allow === null) return new Problem(404, 'There is nothing at this address.');
  return new Problem(405, `${method} is not possible here.`, { headers: { allow } });
}

// Without the plugin there are no CORS headers, so pages of other origins cannot read a response.
const sharing = (origins: string[]) =>
  origins.length === 0
    ? new Elysia()
    : cors({
        origin: origins,
        methods: ['GET', 'POST', 'PATCH', 'DELETE'],
        allowedHeaders: [
          'authorization',
          'content-type',
          'idempotency-key',
          'if-match',
          'if-none-match',
          'traceparent',
          'write-position',
        ],
        exposeHeaders: [
          'cache-status',
          'etag',
          'location',
          'retry-after',
          'server-timing',
          'write-position',
          'x-request-id',
        ],
        credentials: false,
        maxAge: 600,
      });

// Adds the id of the log line to a response that may have one. A page from memory has none and skips this.
const identified = (request: Request, response: Response): Response => {
  response.headers.set('x-request-id', requestId(request));
  return response;
};

/** An app with everything but the customer routes. Every error below it becomes `application/problem+json`. */
export const base = ({ room, config, sql, log, metrics, degraded = () => [] }: Base) =>
  new Elysia({ name: `base-${room}` })
    .use(sharing(config.corsOrigins))
    .onError({ as: 'global' }, ({ error, code, request }) =>
      identified(
        request,
        (code === 'NOT_FOUND' ? notFound(request) : toProblem(error, log, request)).response(),
      ),
    )
    // Clients need no docs in the first milliseconds, and lists are served without them.
    .use(import('./swagger.ts').then(({ docs }) => docs(room)))
    .get('/health', () => Response.json({ status: 'up' }))
    .get('/ready', async () => {
      if (ending.begun) throw unavailable('The server ends.');
      const started = performance.now();
      const state = await within(readyLimit, stateOf(sql, room));
      if (state !== 'current')
        throw unavailable('The database is not of the version that this server works with.');
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
 * A handler for Elysia: turns errors of `handle` into responses, and records durations. A response from `atHand` is
 * returned synchronously, because awaiting it would take longer than finding it. Any other request is refused while
 * `admission` is full, before work is done for it.
 */
export const handler = (
  { metrics, log, tracing, sql }: Pick<Base, 'metrics' | 'log' | 'tracing' | 'sql'>,
  route: string,
  handle: (request: Request, id: string) => Promise<Response>,
  atHand: (request: Request) => Response | null = () => null,
  admission: Pick<Admission, 'full' | 'refuse'> | null = sql.admission,
) => {
  // A lookup by labels takes longer than the observation.
  const observers = new Map<number, { observe(seconds: number): void }>();
  const observer = (status: number) => {
    const made = metrics.requests.labels(route, String(status));
    observers.set(status, made);
    return made;
  };
  const observed = (response: Response, started: number, ended?: (status: number) => void): Response => {
    const { status } = response;
    ended?.(status);
    (observers.get(status) ?? observer(status)).observe((performance.now() - started) / 1000);
    if (ending.begun) response.headers.set('connection', 'close');
    return response;
  };
  return ({ request, params }: { request: Request; params?: { id?: string } }) => {
    const started = performance.now();
    const ended = tracing?.request(request, route);
    const failed = (error: unknown) =>
      identified(request, observed(toProblem(error, log, request).response(), started, ended));
    const found = atHand(request);
    if (found) return observed(found, started, ended);
    if (admission?.full()) {
      const refusal = admission.refuse();
      return refusal instanceof Problem ? failed(refusal) : refusal.then(failed);
    }
    return handle(request, params?.id ?? '').then(
      (response) => identified(request, observed(response, started, ended)),
      failed,
    );
  };
};
