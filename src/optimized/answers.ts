import { isKnown } from '../server/representation.ts';
import type { Form, Source } from './cache/cache.ts';

// What an answer says beside the customers: where it came from, its tag, and how long it took.

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

/** The tag of a list stands for what the answer says, and not for how long it took: `performance` is left out. */
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

/** The same of an answer that is there as bytes: always of the same length, its figure with zeros at the end. */
const timingFrom = (micros: number) => {
  const { header, end } = timingOf(micros / 1e6, 0, '', (micros / 1e6).toFixed(9));
  return { header, end: Buffer.from(end) };
};

/** The bytes of a list, to be sent again and again; `body` without its end. */
export const formOf = (body: string, etag: string): Form => ({
  bytes: Buffer.concat([Buffer.from(body), timingFrom(0).end]),
  etag,
});

// To write the figures takes a tenth of the whole answer: those that nearly all answers need are there already.
const timings = Array.from({ length: 200 }, (_, micros) => timingFrom(micros));
// Filled in anew for each answer, which copies them: in less time than it takes to read an object of five.
const headers = new Headers(caching('', 'local'));

/** The answer that is there as bytes, but for the time that it took: a text would be made of two and encoded anew. */
export function ready(request: Request, { bytes, etag }: Form, started: number): Response {
  if (isKnown(request, etag)) return new Response(null, { status: 304, headers: caching(etag, 'local') });
  const micros = Math.ceil((performance.now() - started) * 1000);
  const { header, end } = timings[micros] ?? timingFrom(Math.min(micros, 9e6));
  bytes.set(end, bytes.length - end.length);
  headers.set('etag', etag);
  headers.set('server-timing', header);
  return new Response(bytes, { headers });
}
