import { readHeader } from '../contract/headers.ts';
import { Problem } from '../contract/problem.ts';

// One customer as an answer: its JSON text under a tag, and the conditions that requests put on that tag (RFC 9110, 13).

/**
 * The tag of a customer's JSON text: strong, and the same on every server. A write is let pass by it, so it is made of
 * SHA-256: with a hash of 64 bits two texts of one tag can be made up.
 */
export const entityTag = (body: string) => `"${Bun.SHA256.hash(body, 'base64url').slice(0, 22)}"`;

/** The answer that is one customer. */
export const represent = (body: string, { status = 200, headers = {} } = {}): Response =>
  new Response(body, {
    status,
    headers: { 'content-type': 'application/json', etag: entityTag(body), ...headers },
  });

/** 201 with a new customer, and where it is. */
export const created = ({ id, body }: { id: string; body: string }): Response =>
  represent(body, { status: 201, headers: { location: `/api/v1/customers/${id}` } });

/** Whether the client has the answer already. Tags are compared weakly (13.1.2). */
export function isKnown(request: Request, etag: string): boolean {
  const tags = request.headers.get('if-none-match');
  return tags !== null && (tags.trim() === '*' || tags.includes(etag.replace(/^W\//, '')));
}

/**
 * The strong tags of `If-Match`, one of which a customer must have to be changed; weak ones never match (13.1.1). Null
 * where the request has no such header, or `*`: no customer to be found is a 404 in any case. Throws a 400 for a
 * malformed one.
 */
export function readIfMatch(request: Request): string[] | null {
  const value = readHeader(request, 'If-Match');
  if (value === null || value === '*') return null;
  return (value.match(/(?:W\/)?"[^"]*"/g) ?? []).filter((tag) => !tag.startsWith('W/'));
}

/** Throws a 412 where the customer of this JSON text has none of the tags. */
export function assertMatch(tags: string[], body: string): void {
  if (tags.includes(entityTag(body))) return;
  throw new Problem(412, 'The customer is not, or no longer, what If-Match names: read it, and decide anew.');
}
