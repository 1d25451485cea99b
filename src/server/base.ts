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

// What both rooms stand on: error answers, health, readiness, metrics and the docs page.

/** What a room is built from. */
export interface Base {
  room: Kind;
  config: Pick<Config, 'apiToken' | 'host' | 'corsOrigins'>;
  sql: Sql;
  log: Logger;
  metrics: Metrics;
  /** told of the statements of a request */
  watch?: (request: Request) => Watch;
  tracing?: Tracing | null;
  /** names the parts that do not work and can be done without */
  degraded?: () => string[];
}

/** Told to end: `/ready` fails, and each answer closes its connection. */
export const ending = { begun: false };

/** ms after which the database counts as not answering. */
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

// Without the plugin no header allows anything, and no page from elsewhere reads an answer.
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

// What may have a line in the log says under which id. A page from memory has none, and is not spent time on.
const identified = (request: Request, response: Response): Response => {
  response.headers.set('x-request-id', requestId(request));
  return response;
};

/** An app with everything but the customers. Every error below it becomes `application/problem+json`. */
export const base = ({ room, config, sql, log, metrics, degraded = () => [] }: Base) =>
  new Elysia({ name: `base-${room}` })
    .use(sharing(config.corsOrigins))
    .onError({ as: 'global' }, ({ error, code, request }) =>
      identified(
        request,
        (code === 'NOT_FOUND' ? notFound(request) : toProblem(error, log, request)).response(),
      ),
    )
    // No client reads the docs in the first milliseconds, and lists are answered without them.
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
 * A handler for Elysia: turns what `handle` throws into its answer, and observes how long it took. An answer that
 * `atHand` has is not waited for, which would take longer than to find it; any other is refused while the server is busy,
 * before anything is spent on it: `admission` says whether it is.
 */
export const handler = (
  { metrics, log, tracing, sql }: Pick<Base, 'metrics' | 'log' | 'tracing' | 'sql'>,
  route: string,
  handle: (request: Request, id: string) => Promise<Response>,
  atHand: (request: Request) => Response | null = () => null,
  admission: Pick<Admission, 'full' | 'refuse'> | null = sql.admission,
) => {
  // To look one up by its labels takes longer than to observe.
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
    if (admission?.full()) return failed(admission.refuse());
    return handle(request, params?.id ?? '').then(
      (response) => identified(request, observed(response, started, ended)),
      failed,
    );
  };
};
