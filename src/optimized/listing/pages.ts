import { pageLink } from '../../contract/links.ts';
import type { ListRequest } from '../../contract/list.ts';
import { unprocessable } from '../../contract/problem.ts';
import type { Run } from '../../server/database.ts';
import { tagOf } from '../answers.ts';
import type { Reading } from '../cache/cache.ts';
import type { Subject } from '../cache/concerns.ts';
import { understand } from '../search/meaning.ts';
import { cursorFault, decodeCursor, encodeCursor } from './cursor.ts';
import { fold, isFoldable } from './fold.ts';
import { cut, type Tokens, textOf } from './json.ts';
import type { Listing } from './listing.ts';
import { count, estimate, planCount, type Reader, type Rows, readRows } from './read.ts';
import { type Place, valueAt } from './rows.ts';
import type { Window } from './statements.ts';

// Handles a page between statement and answer: decides where it begins, reads it, and builds its links.

/** What an answer needs besides the rows of its page. A link is a cursor or a page number. */
interface Meta {
  count: number | null;
  next: string | number | null;
  previous: string | number | null;
  /** a hash of the rows, computed once, when they are read */
  tag: string;
}

const lastRow = 10_000;

// A text that PostgreSQL may fold differently keeps its case. One list may then have two names, which costs only a cache miss.
const folded = (text: string) => (isFoldable(text) ? fold(text) : text);

/** The name of a request's list, whatever the page: equal for requests with the same meaning. */
export function listName(listing: Listing, { filters, search, sort, descending }: ListRequest): string {
  const named = Object.entries(filters).map(([parameter, value]) => {
    const isPart = listing.filters[parameter]!.operator === 'contains';
    return [parameter, isPart ? folded(String(value)) : value] as const;
  });
  const ordered = named.sort(([a], [b]) => (a < b ? -1 : 1));
  const searched = search?.kind === 'words' ? folded(search.words.join(' ')) : (search?.text ?? null);
  return JSON.stringify([ordered, search?.kind, searched, sort, descending]);
}

/** The window of a page. Throws a 422 for a cursor of another list, and for a page number that is too deep. */
export function windowOf(listing: Listing, name: string, request: ListRequest): Window {
  const { page, cursor, pageSize, sort } = request;
  if (page !== null && page > 1 && page * pageSize > lastRow) {
    const message = `must end at row ${lastRow} or before; follow next, whose cursor goes on from there at any depth`;
    throw unprocessable([{ parameter: 'page', message }]);
  }
  const types = listing.orders[sort]?.columns.map(({ type }) => type) ?? ['real'];
  return {
    rows: pageSize + 1,
    skip: ((page ?? 1) - 1) * pageSize,
    position: cursor === null ? null : decodeCursor(name, cursor, types),
  };
}

/** Reads a page: its links, count and tag as one line of JSON, then its rows as JSON texts, joined by commas. */
export async function readPage(
  run: Run,
  reader: Reader,
  asked: ListRequest,
  name: string,
  window: Window,
): Promise<Reading & { path: string }> {
  const request = await understand(run, asked);
  const known = estimate(reader, request, window);
  // Planned before the rows are read, or they would be read for nothing if the count is refused.
  const counting = await planCount(reader, request, known);
  const rows = await readRows(run, reader, request, window, known).catch((error) => {
    throw window.position ? cursorFault(error) : error;
  });
  return pageOf(reader, request, name, window, rows, await count(run, reader, counting));
}

/**
 * A function of its own without `await`, so that its many texts are on the stack alone. In a scope that was made before an `await`, the
 * garbage collector's next short runs would keep them, although the request is answered (docs/limits.md, "Memory").
 */
function pageOf(
  { listing, render }: Reader,
  request: ListRequest,
  name: string,
  window: Window,
  { rows, bodies, ranks, snapshot, path }: Rows,
  counted: number | null,
): Reading & { path: string } {
  const read = cut(bodies);
  const more = rows > request.pageSize;
  const shown = read.slice(0, request.pageSize);
  const shownRanks = ranks.slice(0, request.pageSize);
  if (window.position?.backwards) {
    shown.reverse();
    shownRanks.reverse();
  }
  const placeAt = (i: number) => placeIn(listing, request.sort, shown.at(i), shownRanks.at(i));
  const text = shown.map(render).join(',');
  const meta: Meta = {
    count: counted,
    ...links(request, name, window, more, placeAt),
    tag: Bun.hash(text).toString(36),
  };
  return {
    ...{ text: `${JSON.stringify(meta)}\n${text}`, snapshot, path },
    about: subject(listing, request, window, read),
  };
}

function placeIn(listing: Listing, sort: string, row: Tokens | undefined, rank?: string): Place | null {
  if (!row) return null;
  const value = (at: number) => valueAt(listing, textOf(row[at]!), at);
  const key = listing.orders[sort]?.columns.map(({ at }) => value(at)) ?? [rank!];
  return { key, id: value(0) as number };
}

/** What the page depends on, for the cache; `read` is in reading order. */
function subject(
  listing: Listing,
  { filters, search, sort, descending, count: counted }: ListRequest,
  { rows: wanted, skip, position }: Window,
  read: Tokens[],
): Subject {
  const place = (row: Tokens | undefined) => (listing.orders[sort] ? placeIn(listing, sort, row) : null);
  return {
    ...{ kind: 'list', filters, search, sort, descending, counted: counted !== 'none' },
    backwards: position?.backwards ?? false,
    from: position && { key: position.key, id: position.id, inclusive: position.inclusive },
    shown: skip > 0 ? place(read[0]) : null,
    to: read.length === wanted ? place(read.at(-1)) : null,
  };
}

function links(
  { page, pageSize }: ListRequest,
  name: string,
  { position }: Window,
  more: boolean,
  placeAt: (i: number) => Place | null,
): Pick<Meta, 'next' | 'previous'> {
  const beside = (i: number, backwards: boolean) => {
    const place = placeAt(i);
    // An empty page lies beside the position that it was read from, which itself is on the other side.
    if (!place)
      return position && encodeCursor(name, { ...position, backwards, inclusive: !position.inclusive });
    return encodeCursor(name, { ...place, backwards, inclusive: false });
  };
  const isBackwards = position?.backwards ?? false;
  const next = () => (more || isBackwards ? beside(-1, false) : null);
  if (page === null) {
    const before = isBackwards ? more : position !== null;
    return { next: next(), previous: before ? beside(0, true) : null };
  }
  const reachable = (page + 1) * pageSize <= lastRow;
  return { next: more && reachable ? page + 1 : next(), previous: page > 1 ? page - 1 : null };
}

/**
 * The body of the answer to `url`, without its end, and its ETag: a page from `readPage`, with links based on this
 * address.
 */
export function assemble(url: string, page: string): { body: string; etag: string } {
  const end = page.indexOf('\n');
  const meta = page.slice(0, end);
  const { count, next, previous }: Meta = JSON.parse(meta);
  const link = (to: string | number | null) =>
    to === null ? 'null' : JSON.stringify(pageLink(url, typeof to === 'number' ? 'page' : 'cursor', to));
  return {
    body: `{"count":${count},"next":${link(next)},"previous":${link(previous)},"results":[${page.slice(end + 1)}]`,
    etag: tagOf(`${url} ${meta}`),
  };
}
