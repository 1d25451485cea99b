import { hash, timingSafeEqual } from 'node:crypto';
import { type Fault, Problem, unprocessable } from '../contract/problem.ts';
import { readQuery, unknownName } from '../contract/query.ts';
import type { Config } from './config.ts';

const limit = 64 * 1024;
const decoder = new TextDecoder('utf-8', { fatal: true });
export const mergePatchTypes = ['application/json', 'application/merge-patch+json'];
const maxId = 9223372036854775807n;

/** The JSON value of a body. Throws 415 for another content type, 413 over 64 KiB, 400 if it is no JSON or cut off. */
export async function readBody(request: Request, types = ['application/json']): Promise<unknown> {
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (!types.includes(type)) throw new Problem(415, `The body must be ${types.join(' or ')}.`);
  const bytes = await readBytes(request);
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw new Problem(400, 'The body is no JSON in UTF-8.');
  }
}

async function readBytes(request: Request): Promise<Uint8Array> {
  const tooLarge = () => new Problem(413, 'The body must be at most 64 KiB.');
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length;
      if (size > limit) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    // The client disconnected: no error of this server.
    if ((error as Error).name === 'AbortError') throw new Problem(400, 'The body was cut off.');
    throw error;
  }
  return Buffer.concat(chunks);
}

/** The id in a path, as text, as it may exceed a JS number. Throws 422, or 404 if it exceeds every possible id. */
export function readId(text: string): string {
  if (!/^\d+$/.test(text)) throw unprocessable([{ parameter: 'id', message: 'must be a whole number' }]);
  if (text.length > 19 || BigInt(text) > maxId) throw notFound(text);
  return text;
}

/** Throws a 422 if the URL of a route without parameters has any. */
export function noParameters(url: string): void {
  const faults: Fault[] = [];
  for (const name of readQuery(url, faults).keys())
    faults.push({ parameter: name, message: unknownName(name, []) });
  if (faults.length > 0) throw unprocessable(faults);
}

/** 404 for an id that no customer has. */
export const notFound = (id: string) => new Problem(404, `There is no customer ${id}.`);

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;

// Digests have equal lengths, so the comparison time does not reveal even the token's length.
const digest = (text: string) => hash('sha256', text, 'buffer');

/** Authorizes a write, or throws 401 (wrong or no token) or 403 (no token set, and reachable from elsewhere). */
export function authorize(request: Request, config: Pick<Config, 'apiToken' | 'host'>): void {
  if (config.apiToken === null) {
    if (loopback.test(config.host)) return;
    throw new Problem(403, 'Writes need API_TOKEN to be set where the server listens beyond loopback.');
  }
  const given = digest(request.headers.get('authorization') ?? '');
  if (timingSafeEqual(given, digest(`Bearer ${config.apiToken}`))) return;
  throw new Problem(401, 'Writes need the right token.', { headers: { 'www-authenticate': 'Bearer' } });
}
