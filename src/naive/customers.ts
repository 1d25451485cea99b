import { Elysia } from 'elysia';
import { pageLink } from '../contract/links.ts';
import { readList } from '../contract/list.ts';
import { documented } from '../contract/openapi.ts';
import { readNewCustomer, readPatch } from '../contract/writes.ts';
import { type Base, handler } from '../server/base.ts';
import { runner, transaction } from '../server/database.ts';
import { authorize, mergePatchTypes, noParameters, notFound, readBody, readId } from '../server/requests.ts';
import * as queries from './queries.ts';
import * as writes from './writes.ts';

/** The routes of the customers. */
export const customers = (base: Base) => {
  const on = (route: string, handle: typeof list) =>
    handler(base, route, (request, id) => handle(base, request, id));
  return new Elysia({ prefix: '/api/v1/customers' })
    .get('/', on('list', list), { detail: documented.list })
    .post('/', on('create', create), { detail: documented.create, parse: 'none' })
    .get('/:id', on('read', read), { detail: documented.read })
    .patch('/:id', on('update', update), { detail: documented.update, parse: 'none' })
    .delete('/:id', on('remove', remove), { detail: documented.remove });
};

async function list({ sql, metrics }: Base, request: Request, _id: string): Promise<Response> {
  const started = performance.now();
  const asked = readList(request.url, { cursors: false, count: 'exact' });
  const run = runner(sql);
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

async function read({ sql }: Base, request: Request, id: string): Promise<Response> {
  noParameters(request.url);
  return Response.json(await found(sql, readId(id)));
}

async function create({ sql, config }: Base, request: Request): Promise<Response> {
  authorize(request, config);
  noParameters(request.url);
  const customer = readNewCustomer(await readBody(request));
  const id = await transaction(sql, (run) => writes.create(run, customer));
  const headers = { location: `/api/v1/customers/${id}` };
  return Response.json(await found(sql, id), { status: 201, headers });
}

async function update({ sql, config }: Base, request: Request, id: string): Promise<Response> {
  authorize(request, config);
  noParameters(request.url);
  const key = readId(id);
  const patch = readPatch(await readBody(request, mergePatchTypes));
  const changed = await transaction(sql, (run) => writes.update(run, key, patch));
  if (!changed) throw notFound(id);
  return Response.json(await found(sql, key));
}

async function remove({ sql, config }: Base, request: Request, id: string): Promise<Response> {
  authorize(request, config);
  noParameters(request.url);
  const key = readId(id);
  if (!(await transaction(sql, (run) => writes.remove(run, key)))) throw notFound(id);
  return new Response(null, { status: 204 });
}

async function found(sql: Base['sql'], id: string) {
  const customer = await queries.find(runner(sql), id);
  if (!customer) throw notFound(id);
  return customer;
}
