import { Elysia } from 'elysia';
import { pageLink } from '../contract/links.ts';
import { readList } from '../contract/list.ts';
import { documented } from '../contract/openapi.ts';
import { readNewCustomer, readPatch } from '../contract/writes.ts';
import { type Base, handler } from '../server/base.ts';
import { type Run, runner, transaction } from '../server/database.ts';
import { once, readKey } from '../server/idempotency.ts';
import {
  assertMatch,
  created,
  entityTag,
  isKnown,
  readIfMatch,
  represent,
} from '../server/representation.ts';
import { authorize, mergePatchTypes, noParameters, notFound, readBody, readId } from '../server/requests.ts';
import * as queries from './queries.ts';
import * as writes from './writes.ts';

/** The customer routes. */
export const customers = (base: Base) => {
  const on = (route: string, handle: typeof list) =>
    handler(base, route, (request, id) => handle(base, request, id));
  const docs = documented(base.config);
  return new Elysia({ prefix: '/api/v1/customers' })
    .get('/', on('list', list), { detail: docs.list })
    .post('/', on('create', create), { detail: docs.create, parse: 'none' })
    .get('/:id', on('read', read), { detail: docs.read })
    .patch('/:id', on('update', update), { detail: docs.update, parse: 'none' })
    .delete('/:id', on('remove', remove), { detail: docs.remove });
};

async function list({ sql, metrics, watch }: Base, request: Request, _id: string): Promise<Response> {
  const started = performance.now();
  const asked = readList(request.url, { cursors: false, count: 'exact' });
  const run = runner(sql, { watch: watch?.(request) });
  const rows = await queries.list(run, asked);
  const count = await queries.count(run, asked);
  const page = asked.page ?? 1;
  const next = rows.length > asked.pageSize ? pageLink(request.url, 'page', page + 1) : null;
  const previous = page > 1 ? pageLink(request.url, 'page', page - 1) : null;
  const results = rows.slice(0, asked.pageSize);
  metrics.queries.inc(run.count);
  const seconds = (performance.now() - started) / 1000;
  return Response.json(
    { count, next, previous, results, performance: { execution_time_s: seconds, query_count: run.count } },
    { headers: { 'server-timing': `total;dur=${(seconds * 1000).toFixed(3)}, queries;desc="${run.count}"` } },
  );
}

async function read({ sql, watch }: Base, request: Request, id: string): Promise<Response> {
  noParameters(request.url);
  const body = await found(runner(sql, { watch: watch?.(request) }), readId(id));
  const etag = entityTag(body);
  return isKnown(request, etag) ? new Response(null, { status: 304, headers: { etag } }) : represent(body);
}

async function create({ sql, config, watch }: Base, request: Request): Promise<Response> {
  authorize(request, config);
  noParameters(request.url);
  const key = readKey(request);
  const customer = readNewCustomer(await readBody(request));
  const make = async (run: Run) => {
    const id = await writes.create(run, customer);
    return { id, body: await found(run, id) };
  };
  return created(
    await transaction(
      sql,
      (run) => (key === null ? make(run) : once(run, key, customer, () => make(run))),
      watch?.(request),
    ),
  );
}

async function update({ sql, config, watch }: Base, request: Request, id: string): Promise<Response> {
  authorize(request, config);
  noParameters(request.url);
  const key = readId(id);
  const tags = readIfMatch(request);
  const patch = readPatch(await readBody(request, mergePatchTypes));
  const seen = watch?.(request);
  const change = async (run: Run) => {
    if (tags !== null) await match(run, key, tags);
    return writes.update(run, key, patch);
  };
  if (!(await transaction(sql, change, seen))) throw notFound(id);
  return represent(await found(runner(sql, { watch: seen }), key));
}

async function remove({ sql, config, watch }: Base, request: Request, id: string): Promise<Response> {
  authorize(request, config);
  noParameters(request.url);
  const key = readId(id);
  const tags = readIfMatch(request);
  const change = async (run: Run) => {
    if (tags !== null) await match(run, key, tags);
    return writes.remove(run, key);
  };
  if (!(await transaction(sql, change, watch?.(request)))) throw notFound(id);
  return new Response(null, { status: 204 });
}

async function match(run: Run, id: string, tags: string[]): Promise<void> {
  await writes.lock(run, id);
  assertMatch(tags, await found(run, id));
}

async function found(run: Run, id: string): Promise<string> {
  const customer = await queries.find(run, id);
  if (!customer) throw notFound(id);
  return JSON.stringify(customer);
}
