import { closest } from 'fastest-levenshtein';
import { type Fault, Problem } from './problem.ts';

// Elysia splits query values at commas and reads `[…]` as JSON (elysia#1800), so the query string is parsed here.

// Most texts need no decoding, and testing for that is faster than decoding.
const decode = (text: string) => (/[%+]/.test(text) ? decodeURIComponent(text.replaceAll('+', ' ')) : text);

/** PostgreSQL text holds no NUL. A JSON Schema pattern, which validates bodies and is shown in the API document. */
export const withoutNul = '^[^\\u0000]*$';

/** 400 for a request without an absolute URL, because its Host header is invalid (RFC 9112, 3.2). */
export const badHost = () => new Problem(400, 'The Host header must be a host and may have a port.');

/**
 * The query string of a URL as names and texts, in order. Invalid UTF-8, a NUL or a repeated name is a fault. Throws a
 * 400 for an invalid URL.
 */
export function readQuery(url: string, faults: Fault[]): Map<string, string> {
  if (!URL.canParse(url)) throw badHost();
  const values = new Map<string, string>();
  const start = url.indexOf('?');
  if (start < 0) return values;
  const hash = url.indexOf('#', start);
  for (const pair of url.slice(start + 1, hash < 0 ? undefined : hash).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    try {
      const key = decode(name);
      const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
      if (value.includes('\0') || !value.isWellFormed()) {
        faults.push({ parameter: key, message: 'must be text without NUL and lone surrogates' });
      } else if (values.has(key)) faults.push({ parameter: key, message: 'must be given once only' });
      values.set(key, value);
    } catch {
      faults.push({ parameter: name, message: 'must be percent-encoded UTF-8' });
    }
  }
  return values;
}

/** The message for an unknown name, with the nearest known name as a hint. */
export function unknownName(name: string, known: string[]): string {
  if (known.length === 0) return 'is not known';
  const fold = (each: string) => each.toLowerCase().replaceAll('_', '');
  const meant = fold(name);
  // By distance alone, `sort` is nearer to `street` than to `sort_by`.
  const related = known.filter((each) => fold(each).includes(meant) || meant.includes(fold(each)));
  return `is not known; the nearest known name is ${closest(meant, related.length > 0 ? related : known)}`;
}
