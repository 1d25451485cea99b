import { Elysia } from 'elysia';
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
import { caching, formOf, ready, timingOf } from './answers.ts';
import type { Cache, Reading } from './cache/cache.ts';
import { assemble, listName, readPage, windowOf } from './listing/pages.ts';
import type { Reader } from './listing/read.ts';
import { readOne } from './listing/reader.ts';
import type { Spread } from './replicas/spread.ts';
import * as writes from './writes.ts';

// The HTTP handlers of the customers, without SQL. Reads go through the cache.

export interface Room extends Base {
  cache: Cache;
  reader: Reader;
  /** null: every read goes to the primary, and every write through this server */
  spread?: Spread | null;
}

/** The routes of the customers. */
export const customers = (room: Room) => {
  const on = (
    route: string,
    handle: typeof list,
    atHand?: (request: Request) => Response | null,
    admission?: Spread['admission'],
  ) => handler(room, route, (request, id) => handle(room, request, id), atHand, admission);
  const ofReads = room.spread?.admission;
  const docs = documented(room.config);
  return new Elysia({ prefix: '/api/v1/customers' })
    .get(
      '/',
      on('list', list, (request) => named(room, request), ofReads),
      { detail: docs.list },
    )
    .post('/', on('create', create), { detail: docs.create, parse: 'none' })
    .get('/:id', on('read', read, undefined, ofReads), { detail: docs.read })
    .patch('/:id', on('update', update), { detail: docs.update, parse: 'none' })
    .delete('/:id', on('remove', remove), { detail: docs.remove });
};

function named({ cache, spread }: Room, request: Request): Response | null {
  const started = performance.now();
  if (spread && !spread.covers(request)) return null;
  const found = cache.named(request.url);
  return found && ready(request, found, started);
}

/** Reads through the cache, or else from a replica that has what the client must see, or else from the primary. */
async function cached(
  { sql, cache, watch, spread }: Room,
  request: Request,
  key: string,
  work: (run: Run) => Promise<Reading>,
  client?: AbortSignal,
) {
  const position = (await spread?.reach(request)) ?? 0;
  const load = (signal?: AbortSignal, primary = false) => {
    const options = { signal, watch: watch?.(request), primary, position };
    return spread ? spread.read(work, options) : work(runner(sql, options));
  };
  return cache.get(key, load, client, position > 0 && !spread!.informed());
}

async function list(room: Room, request: Request, _id: string): Promise<Response> {
  const { metrics, cache, reader } = room;
  const started = performance.now();
  const { url, signal } = request;
  const asked = readList(url, { cursors: true, count: 'none' });
  const name = listName(reader.listing, asked);
  const window = windowOf(reader.listing, name, asked);
  const key = `${name} ${asked.page} ${asked.cursor} ${asked.pageSize} ${asked.count}`;
  let [path, queries] = ['', 0];
  const page = async (run: Run) => {
    try {
      const read = await readPage(run, reader, asked, name, window);
      path = read.path;
      metrics.paths.inc({ path });
      return read;
    } finally {
      queries += run.count;
    }
  };
  const { text, from } = await cached(room, request, key, page, signal);
  metrics.queries.inc(queries);
  const { body, etag } = assemble(url, text);
  // Most pages are requested once: their bytes are worth keeping from the second request on.
  if (from === 'local') cache.name(url, key, formOf(body, etag));
  const headers = caching(etag, from);
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers });
  const { header, end } = timingOf((performance.now() - started) / 1000, queries, path);
  headers['server-timing'] = header;
  return new Response(body + end, { headers });
}

async function read(room: Room, request: Request, id: string): Promise<Response> {
  const { metrics, reader } = room;
  noParameters(request.url);
  const key = readId(id);
  const one = async (run: Run): Promise<Reading> => {
    metrics.queries.inc();
    const { text, snapshot } = await readOne(run, reader, key);
    return { text: text ?? '', snapshot, about: { kind: 'row', id: Number(key) } };
  };
  const { text, from } = await cached(room, request, `customer ${key}`, one);
  if (text === '') throw notFound(id);
  const headers = caching(entityTag(text), from);
  if (isKnown(request, headers.etag)) return new Response(null, { status: 304, headers });
  return new Response(text, { headers });
}

async function create(room: Room, request: Request): Promise<Response> {
  const { sql, config, cache, reader, watch } = room;
  authorize(request, config);
  noParameters(request.url);
  const key = readKey(request);
  const customer = readNewCustomer(await readBody(request));
  const make = async (run: Run) => {
    const { id, changes } = await writes.create(run, customer);
    return { id, changes, body: await found(run, reader, id) };
  };
  const seen = watch?.(request);
  const made =
    key === null
      ? await make(runner(sql, { watch: seen }))
      : await transaction(sql, (run) => once(run, key, customer, () => make(run)), seen);
  cache.changed(
    'xid' in made
      ? await writes.changesOf(runner(sql, { begun: true, watch: seen }), made.xid)
      : made.changes,
  );
  return at(room, request, created(made));
}

async function update(room: Room, request: Request, id: string): Promise<Response> {
  authorize(request, room.config);
  noParameters(request.url);
  const key = readId(id);
  const tags = readIfMatch(request);
  const patch = readPatch(await readBody(request, mergePatchTypes));
  const changes = await written(room, request, key, tags, (run) => writes.update(run, key, patch));
  if (changes === null) throw notFound(id);
  room.cache.changed(changes);
  const run = runner(room.sql, { begun: true, watch: room.watch?.(request) });
  return at(room, request, represent(await found(run, room.reader, key)));
}

async function remove(room: Room, request: Request, id: string): Promise<Response> {
  authorize(request, room.config);
  noParameters(request.url);
  const key = readId(id);
  const changes = await written(room, request, key, readIfMatch(request), (run) => writes.remove(run, key));
  if (changes === null) throw notFound(id);
  room.cache.changed(changes);
  return at(room, request, new Response(null, { status: 204 }));
}

/** Adds the WAL position of a write to its answer, if clients may reach another server or replica with it. */
async function at({ spread, watch }: Room, request: Request, response: Response): Promise<Response> {
  const headers = (await spread?.written(watch?.(request))) ?? {};
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** Writes in one statement; if the customer must have one of some tags, in a transaction that locks it first. */
function written(
  { sql, reader, watch }: Room,
  request: Request,
  id: string,
  tags: string[] | null,
  write: (run: Run) => Promise<string | null>,
) {
  const seen = watch?.(request);
  if (tags === null) return write(runner(sql, { watch: seen }));
  const change = async (run: Run) => {
    await writes.lock(run, id);
    assertMatch(tags, await found(run, reader, id));
    return write(run);
  };
  return transaction(sql, change, seen);
}

async function found(run: Run, reader: Reader, id: string): Promise<string> {
  const { text } = await readOne(run, reader, id);
  if (text === null) throw notFound(id);
  return text;
}
