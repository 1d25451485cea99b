import { readHeader } from '../contract/headers.ts';
import { Problem } from '../contract/problem.ts';

// One customer as a response: its JSON text with a tag, and the conditions of requests on that tag (RFC 9110, 13).

/**
 * The tag of a customer's JSON text: strong, and the same on every server. Writes depend on it, hence SHA-256: with a
 * 64-bit hash, two texts with the same tag can be made up.
 */
export const entityTag = (body: string) => `"${Bun.SHA256.hash(body, 'base64url').slice(0, 22)}"`;

/** The response for one customer. */
export const represent = (body: string, { status = 200, headers = {} } = {}): Response =>
  new Response(body, {
    status,
    headers: { 'content-type': 'application/json', etag: entityTag(body), ...headers },
  });

/** 201 with a new customer and its location. */
export const created = ({ id, body }: { id: string; body: string }): Response =>
  represent(body, { status: 201, headers: { location: `/api/v1/customers/${id}` } });

/** Whether the client has this text already. Tags are compared weakly (13.1.2). */
export function isKnown(request: Request, etag: string): boolean {
  const tags = request.headers.get('if-none-match');
  return tags !== null && (tags.trim() === '*' || tags.includes(etag.replace(/^W\//, '')));
}

/**
 * The strong tags of `If-Match`: only a customer with one of them is changed; weak ones never match (13.1.1). Null
 * without the header or for `*`: a missing customer is a 404 anyway. Throws a 400 if malformed.
 */
export function readIfMatch(request: Request): string[] | null {
  const value = readHeader(request, 'If-Match');
  if (value === null || value === '*') return null;
  return (value.match(/(?:W\/)?"[^"]*"/g) ?? []).filter((tag) => !tag.startsWith('W/'));
}

/** Throws a 412 if the customer with this text has none of the tags. */
export function assertMatch(tags: string[], body: string): void {
  if (tags.includes(entityTag(body))) return;
  throw new Problem(412, 'The customer is not, or no longer, what If-Match names: read it, and decide anew.');
}
