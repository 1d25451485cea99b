import { pageLink } from '../contract/links.ts';
import type { ListRequest } from '../contract/list.ts';
import { textFilters } from '../contract/parameters.ts';
import { unprocessable } from '../contract/problem.ts';
import type { Run } from '../server/database.ts';
import { tagOf } from './answers.ts';
import type { Reading } from './cache/cache.ts';
import type { Subject } from './cache/concerns.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { fold, isFoldable } from './fold.ts';
import { idOf, placeOf } from './places.ts';
import * as queries from './queries.ts';
import type { Window } from './statement.ts';

// A page between the statement and the answer: where it begins, and which places its links point to.

/** What a page needs beside its customers to become an answer. A link is a cursor or a page number. */
interface Meta {
  count: number | null;
  next: string | number | null;
  previous: string | number | null;
  /** stands for the customers: made once, where they are read */
  tag: string;
}

const lastRow = 10_000;

// Texts that PostgreSQL may fold otherwise keep their case: then one list has two names, which costs no more than a miss.
const folded = (text: string) => (isFoldable(text) ? fold(text) : text);

/** The list that a request is about, whatever page of it: equal for requests that mean the same. */
export function listName({ filters, search, sort, descending }: ListRequest): string {
  const named: Record<string, unknown> = { ...filters };
  for (const name of textFilters) if (filters[name] !== undefined) named[name] = folded(filters[name]);
  const ordered = Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1));
  const searched = search?.kind === 'words' ? folded(search.words.join(' ')) : (search?.text ?? null);
  return JSON.stringify([ordered, search?.kind, searched, sort, descending]);
}

/** Where the page lies. Throws a 422 for a cursor of another list, and for a page number that is too deep. */
export function windowOf(name: string, { page, cursor, pageSize }: ListRequest): Window {
  if (page !== null && page > 1 && page * pageSize > lastRow) {
    const message = `must end at row ${lastRow} or before; follow next, whose cursor goes on from there at any depth`;
    throw unprocessable([{ parameter: 'page', message }]);
  }
  return {
    rows: pageSize + 1,
    skip: ((page ?? 1) - 1) * pageSize,
    position: cursor === null ? null : decodeCursor(name, cursor),
  };
}

/** Reads a page: its links and count as one line of JSON, then its customers as JSON texts, joined by commas. */
export async function readPage(
  run: Run,
  request: ListRequest,
  name: string,
  window: Window,
  known: queries.Knowledge,
): Promise<Reading> {
  const { rows, bodies, ranks, snapshot } = await queries.list(run, request, window, known);
  const count = await queries.count(run, request, known);
  const more = rows > request.pageSize;
  let shown = more ? bodies.slice(0, bodies.lastIndexOf(boundary)) : bodies;
  if (window.position?.backwards) {
    shown = reversed(shown);
    ranks.length = Math.min(ranks.length, request.pageSize);
    ranks.reverse();
  }
  const tag = Bun.hash(shown).toString(36);
  const meta: Meta = { count, ...links(request, name, window, more, shown, ranks), tag };
  return {
    text: `${JSON.stringify(meta)}\n${shown}`,
    snapshot,
    // Nobody asks where nothing is kept.
    get about() {
      return subject(request, window, rows, bodies);
    },
  };
}

// Between two customers, and nowhere inside of one: quotes in a value are escaped.
const boundary = ',{"id":';
const firstOf = (bodies: string) => bodies.split(boundary, 1)[0]!;
const lastOf = (bodies: string) => bodies.slice(bodies.lastIndexOf(boundary) + 1);
const reversed = (bodies: string) =>
  bodies
    .split(/,(?={"id":)/)
    .reverse()
    .join(',');

/** What the page depends on; `bodies` in the order they were read. */
function subject(
  { filters, search, sort, descending, count }: ListRequest,
  { rows: wanted, skip, position }: Window,
  rows: number,
  bodies: string,
): Subject {
  const place = (body: string) => (body === '' || sort === 'relevance' ? null : placeOf(body, sort));
  return {
    ...{ kind: 'list', filters, search, sort, descending, counted: count !== 'none' },
    backwards: position?.backwards ?? false,
    from: position && { key: position.key, id: position.id, inclusive: position.inclusive },
    shown: skip > 0 ? place(firstOf(bodies)) : null,
    to: rows === wanted ? place(lastOf(bodies)) : null,
  };
}

function links(
  { sort, page, pageSize }: ListRequest,
  name: string,
  { position }: Window,
  more: boolean,
  bodies: string,
  ranks: string[],
): Pick<Meta, 'next' | 'previous'> {
  const beside = (body: string, rank: string | undefined, backwards: boolean) => {
    // An empty page lies beside the place it was looked for at, which itself is on the other side.
    if (body === '')
      return position && encodeCursor(name, { ...position, backwards, inclusive: !position.inclusive });
    const place = sort === 'relevance' ? { key: [rank!], id: idOf(body) } : placeOf(body, sort);
    return encodeCursor(name, { ...place, backwards, inclusive: false });
  };
  const backwards = position?.backwards ?? false;
  const next =
    more || backwards ? beside(lastOf(bodies), ranks[Math.min(ranks.length, pageSize) - 1], false) : null;
  if (page === null) {
    const before = backwards ? more : position !== null;
    return { next, previous: before ? beside(firstOf(bodies), ranks[0], true) : null };
  }
  const reachable = (page + 1) * pageSize <= lastRow;
  return { next: more && reachable ? page + 1 : next, previous: page > 1 ? page - 1 : null };
}

/**
 * The body of the answer to `url`, without its end, and its tag: a page as `readPage` gives it, and links back to this
 * address.
 */
export function assemble(url: string, page: string): { body: string; etag: string } {
  const end = page.indexOf('\n');
  const meta = page.slice(0, end);
  const { count, next, previous }: Meta = JSON.parse(meta);
  const link = (to: string | number | null) =>
    to === null ? 'null' : JSON.stringify(pageLink(url, typeof to === 'number' ? 'page' : 'cursor', to));
  const links = `"next":${link(next)},"previous":${link(previous)}`;
  return {
    body: `{"count":${count},${links},"results":[${page.slice(end + 1)}]`,
    etag: tagOf(`${url} ${meta}`),
  };
}
