import { isKnown } from '../server/representation.ts';
import type { Form, Source } from './cache/cache.ts';

// Builds what an answer carries besides the customers: its source, its ETag, and how long it took.

const status: Record<Source, string> = {
  local: 'hit; detail=local',
  redis: 'hit; detail=redis',
  joined: 'fwd=uri-miss; collapsed',
  origin: 'fwd=uri-miss; stored',
  off: 'fwd=bypass',
};

export const caching = (etag: string, from: Source): Record<string, string> & { etag: string } => ({
  'content-type': 'application/json',
  'cache-control': 'no-cache',
  'cache-status': `customers; ${status[from]}`,
  etag,
});

/** The ETag of a list covers what the answer says, but not how long it took: `performance` is left out. */
export const tagOf = (content: string) => `W/"${Bun.hash(content).toString(36)}"`;

/** How long an answer took, and by which access path, as a header and as the end of a list. */
export const timingOf = (
  seconds: number,
  queries: number,
  path = '',
  figure = `${Number(seconds.toFixed(9))}`,
) => ({
  header: `total;dur=${(seconds * 1000).toFixed(3)}, queries;desc="${queries}"${path && `, path;desc="${path}"`}`,
  end: `,"performance":{"execution_time_s":${figure},"query_count":${queries}}}`,
});

/** The same for an answer that is kept as bytes: always of the same length, its figure padded with zeros. */
const timingFrom = (micros: number) => {
  const { header, end } = timingOf(micros / 1e6, 0, '', (micros / 1e6).toFixed(9));
  return { header, end: Buffer.from(end) };
};

/** The bytes of a list, to be sent repeatedly; `body` comes without its end. */
export const formOf = (body: string, etag: string): Form => ({
  bytes: Buffer.concat([Buffer.from(body), timingFrom(0).end]),
  etag,
});

// Formatting the figures takes a tenth of the whole answer, so those that nearly all answers need are precomputed.
const timings = Array.from({ length: 200 }, (_, micros) => timingFrom(micros));
// Updated for each answer, which copies them: that takes less time than reading an object of five headers.
const headers = new Headers(caching('', 'local'));

/** The answer that is kept as bytes, except for its time. A text would be joined from two and encoded again. */
export function ready(request: Request, { bytes, etag }: Form, started: number): Response {
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers: caching(etag, 'local') });
  const micros = Math.ceil((performance.now() - started) * 1000);
  const { header, end } = timings[micros] ?? timingFrom(Math.min(micros, 9e6));
  bytes.set(end, bytes.length - end.length);
  headers.set('etag', etag);
  headers.set('server-timing', header);
  return new Response(bytes, { headers });
}
