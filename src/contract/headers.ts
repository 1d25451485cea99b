import Type from 'typebox';
import { Problem } from './problem.ts';

// The request headers that set a condition, or make a create repeatable.

/** A header's documented schema, its check, and the text that says what is allowed. */
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
  // Not checked: a value without a tag only leads to the full response.
  'If-None-Match': header('', 'entity tags in double quotes, separated by commas, or *'),
  // The draft requires double quotes; most clients omit them.
  'Idempotency-Key': header(
    `^(?:"${key}"|${key})$`,
    '1 to 255 visible ASCII characters without comma and backslash, within double quotes or without',
  ),
};

/** The value of a header, null if absent. Throws a 400 if malformed. */
export function readHeader(request: Request, name: keyof typeof headers): string | null {
  const { fits, allowed } = headers[name];
  const value = request.headers.get(name);
  if (value === null || fits.test(value)) return value;
  const errors = [{ parameter: name, message: `must be ${allowed}` }];
  throw new Problem(400, `The header ${name} is malformed.`, { errors });
}
