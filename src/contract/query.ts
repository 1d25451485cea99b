import { closest } from 'fastest-levenshtein';
import { type Fault, Problem } from './problem.ts';

// Elysia splits query values at commas and reads `[…]` as JSON (elysia#1800), so the query is taken from the URL.

// Most texts have nothing to decode, which is noticed sooner than decoded.
const decode = (text: string) => (/[%+]/.test(text) ? decodeURIComponent(text.replaceAll('+', ' ')) : text);

/** PostgreSQL's texts hold no NUL. A pattern of JSON Schema: bodies are checked by it, and the API's document shows it. */
export const withoutNul = '^[^\\u0000]*$';

/** 400 for an address of which no absolute one can be made: its Host header is none (RFC 9112, 3.2). */
export const badHost = () => new Problem(400, 'The Host header must be a host and may have a port.');

/**
 * The query of a URL as names and texts, in order; what is no UTF-8, holds a NUL or stands twice is a fault. Throws a 400
 * where the URL is none.
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

/** The message for a name that nothing knows, with the nearest known one as a hint. */
export function unknownName(name: string, known: string[]): string {
  if (known.length === 0) return 'is not known';
  const fold = (each: string) => each.toLowerCase().replaceAll('_', '');
  const meant = fold(name);
  // By distance alone `sort` is nearer to `street` than to `sort_by`.
  const related = known.filter((each) => fold(each).includes(meant) || meant.includes(fold(each)));
  return `is not known; the nearest known name is ${closest(meant, related.length > 0 ? related : known)}`;
}
