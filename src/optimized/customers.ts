import { Elysia } from 'elysia';
import { readList } from '../contract/list.ts';
import { documented } from '../contract/openapi.ts';
import { readNewCustomer, readPatch } from '../contract/writes.ts';
import { type Base, handler } from '../server/base.ts';
import { runner } from '../server/database.ts';
import { authorize, mergePatchTypes, noParameters, notFound, readBody, readId } from '../server/requests.ts';
import type { Cache, Form, Source } from './cache/cache.ts';
import { assemble, listName, readPage, windowOf } from './pages.ts';
import * as queries from './queries.ts';

export interface Room extends Base {
  cache: Cache;
  known: queries.Knowledge;
}

/** The routes of the customers. */
export const customers = (room: Room) => {
  const on = (route: string, handle: typeof list) =>
    handler(room, route, (request, id) => handle(room, request, id));
  return new Elysia({ prefix: '/api/v1/customers' })
    .get('/', on('list', list), { detail: documented.list })
    .post('/', on('create', create), { detail: documented.create, parse: 'none' })
    .get('/:id', on('read', read), { detail: documented.read })
    .patch('/:id', on('update', update), { detail: documented.update, parse: 'none' })
    .delete('/:id', on('remove', remove), { detail: documented.remove });
};

async function list({ sql, metrics, cache, known }: Room, request: Request, _id: string): Promise<Response> {
  const started = performance.now();
  const named = cache.named(request.url);
  if (named) return ready(request, named, started);
  const asked = readList(request.url, { cursors: true, count: 'none' });
  const name = listName(asked);
  const window = windowOf(name, asked);
  const run = runner(sql);
  const key = JSON.stringify([name, asked.page, asked.cursor, asked.pageSize, asked.count]);
  const { text, from } = await cache.get(key, () => readPage(run, asked, name, window, known));
  metrics.queries.inc(run.count);
  const body = assemble(request.url, text);
  const etag = tagOf(body);
  cache.name(request.url, key, { bytes: Buffer.from(`${body}${performanceOf(0, 0)}`), etag });
  const headers = caching(etag, from);
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers });
  const seconds = (performance.now() - started) / 1000;
  headers['server-timing'] = timing(seconds, run.count);
  return new Response(`${body}${performanceOf(seconds, run.count)}`, { headers });
}

/** The answer that is there as bytes, but for the time that it took: a text would be made of two and encoded anew. */
function ready(request: Request, { bytes, etag }: Form, started: number): Response {
  const headers = caching(etag, 'local');
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers });
  const seconds = (performance.now() - started) / 1000;
  headers['server-timing'] = timing(seconds, 0);
  const end = performanceOf(Math.min(seconds, 9), 0);
  bytes.write(end, bytes.length - end.length, 'latin1');
  return new Response(bytes, { headers });
}

// Always of the same length for an answer from the cache.
const performanceOf = (seconds: number, queries: number) =>
  `,"performance":{"execution_time_s":${seconds.toFixed(9)},"query_count":${queries}}}`;
const timing = (seconds: number, queries: number) =>
  `total;dur=${(seconds * 1000).toFixed(3)}, queries;desc="${queries}"`;

async function read({ sql, metrics, cache }: Room, request: Request, id: string): Promise<Response> {
  noParameters(request.url);
  const key = readId(id);
  const run = runner(sql);
  const { text, from } = await cache.get(`customer ${key}`, async () => {
    const { body, snapshot } = await queries.find(run, key);
    return { text: body ?? '', snapshot, about: { kind: 'customer', id: Number(key) } };
  });
  metrics.queries.inc(run.count);
  if (text === '') throw notFound(id);
  const headers = caching(tagOf(text), from);
  if (isKnown(request, headers.etag)) return new Response(null, { status: 304, headers });
  return new Response(text, { headers });
}

async function create({ sql, config, cache }: Room, request: Request): Promise<Response> {
  authorize(request, config);
  noParameters(request.url);
  const { id, changes } = await queries.create(runner(sql), readNewCustomer(await readBody(request)));
  cache.changed(changes);
  return written(sql, id, { status: 201, headers: { location: `/api/v1/customers/${id}` } });
}

async function update({ sql, config, cache }: Room, request: Request, id: string): Promise<Response> {
  authorize(request, config);
  noParameters(request.url);
  const key = readId(id);
  const patch = readPatch(await readBody(request, mergePatchTypes));
  const changes = await queries.update(runner(sql), key, patch);
  if (changes === null) throw notFound(id);
  cache.changed(changes);
  return written(sql, key);
}

async function remove({ sql, config, cache }: Room, request: Request, id: string): Promise<Response> {
  authorize(request, config);
  noParameters(request.url);
  const changes = await queries.remove(runner(sql), readId(id));
  if (changes === null) throw notFound(id);
  cache.changed(changes);
  return new Response(null, { status: 204 });
}

async function written(sql: Room['sql'], id: string, { status = 200, headers = {} } = {}): Promise<Response> {
  const { body } = await queries.find(runner(sql), id);
  if (body === null) throw notFound(id);
  return new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } });
}

const status: Record<Source, string> = {
  local: 'hit; detail=local',
  redis: 'hit; detail=redis',
  joined: 'fwd=uri-miss; collapsed',
  origin: 'fwd=uri-miss; stored',
  off: 'fwd=bypass',
};

// Whether the client has the answer already. Tags are compared weakly (RFC 9110, 13.1.2).
function isKnown(request: Request, etag: string): boolean {
  const tags = request.headers.get('if-none-match');
  return tags !== null && (tags.trim() === '*' || tags.includes(etag.slice('W/'.length)));
}

// The tag stands for what the answer says, and not for how long it took: `performance` is left out.
const tagOf = (body: string) => `W/"${Bun.hash(body).toString(36)}"`;

const caching = (etag: string, from: Source): Record<string, string> & { etag: string } => ({
  'content-type': 'application/json',
  'cache-control': 'no-cache',
  'cache-status': `customers; ${status[from]}`,
  etag,
});
