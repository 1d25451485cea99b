import Type from 'typebox';
import { Problem } from './problem.ts';

// The headers of a request that put a condition on a write, or let it be sent again.

/** What is documented of a header, and what is allowed, by which it is checked. */
const header = (pattern: string, allowed: string) => ({
  schema: Type.String({ pattern }),
  fits: new RegExp(pattern),
  allowed,
});

const tag = '(?:W/)?"[!#-~\\u0080-\\u00ff]*"';
// A list may have empty elements (RFC 9110, 5.6.1).
const tags = `(?:${tag}[\\t ]*)?(?:,[\\t ]*(?:${tag}[\\t ]*)?)*`;
const key = '[!#-+\\--\\[\\]-~]{1,255}';

export const headers = {
  'If-Match': header(`^(?:\\*|${tags})$`, '*, or entity tags in double quotes, separated by commas'),
  // It only spares an answer: one that names no tag spares none.
  'If-None-Match': header('', 'entity tags in double quotes, separated by commas, or *'),
  // In double quotes says the draft; most clients send it without.
  'Idempotency-Key': header(
    `^(?:"${key}"|${key})$`,
    '1 to 255 visible ASCII characters without comma and backslash, within double quotes or without',
  ),
};

/** The value of a header, null where there is none. Throws a 400 for a malformed one. */
export function readHeader(request: Request, name: keyof typeof headers): string | null {
  const { fits, allowed } = headers[name];
  const value = request.headers.get(name);
  if (value === null || fits.test(value)) return value;
  const errors = [{ parameter: name, message: `must be ${allowed}` }];
  throw new Problem(400, `The header ${name} is malformed.`, { errors });
}
