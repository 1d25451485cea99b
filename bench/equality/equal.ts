/** An answer as received. */
export interface Answer {
  status: number;
  /** Without parameters such as `charset`. */
  type: string;
  text: string;
}

/** The first field that differs, with the text of both sides. */
export interface Difference {
  field: string;
  naive: string;
  optimized: string;
}

type Fields = Record<string, unknown>;

export async function readAnswer(response: Response): Promise<Answer> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]!.trim();
  return { status: response.status, type, text: await response.text() };
}

/**
 * Compares two answers to the same request, which must name `count`, because the defaults differ. `results` are compared
 * byte for byte, links by the parameters that they keep, `performance` only by its form, because its figures differ.
 * `status` is expected of both. Null if nothing differs.
 */
export function difference(naive: Answer, optimized: Answer, status?: number): Difference | null {
  const found = (field: string, left: unknown, right: unknown): Difference | null => {
    const [a, b] = [asText(left), asText(right)];
    return a === b ? null : { field, naive: a, optimized: b };
  };
  const wrongStatus = status !== undefined && (naive.status !== status || optimized.status !== status);
  if (wrongStatus) {
    return {
      field: `status, expected ${status}`,
      naive: `${naive.status}`,
      optimized: `${optimized.status}`,
    };
  }

  const first = found('status', naive.status, optimized.status) ?? found('type', naive.type, optimized.type);
  if (first) return first;
  const [left, right] = [parse(naive.text), parse(optimized.text)];
  if (!left || !right)
    return { field: 'body is not a JSON object', naive: naive.text, optimized: optimized.text };

  const names = found('fields', Object.keys(left).sort(), Object.keys(right).sort());
  if (names) return names;
  for (const name of Object.keys(left)) {
    const differing = found(
      name,
      comparable(name, left, naive.text),
      comparable(name, right, optimized.text),
    );
    if (differing) return differing;
  }
  return null;
}

/** The part of a field that must be equal on both servers. */
function comparable(name: string, body: Fields, text: string): unknown {
  if (name === 'results') return resultsText(text);
  if (name === 'next' || name === 'previous') return keptByLink(body[name]);
  if (name === 'performance') return performanceForm(body.performance);
  return body[name];
}

/** A link's path and parameters, without the target page, which each server encodes differently. */
function keptByLink(link: unknown): unknown {
  if (link === null) return null;
  if (typeof link !== 'string' || !URL.canParse(link)) return `not an absolute URL: ${link}`;
  const { pathname, searchParams } = new URL(link);
  const kept = [...searchParams].filter(([name]) => name !== 'page' && name !== 'cursor');
  return [pathname, ...kept.map(([name, value]) => `${name}=${value}`).sort()];
}

function performanceForm(value: unknown): string {
  const { execution_time_s: seconds, query_count: queries } = (value ?? {}) as Fields;
  const sound =
    typeof seconds === 'number' && seconds >= 0 && Number.isInteger(queries) && Number(queries) >= 0;
  return sound ? 'seconds and queries' : `not seconds and queries: ${JSON.stringify(value)}`;
}

/**
 * The `results` array exactly as in the answer's text. Parsing would hide differences that a client can see: the order
 * of the fields, white space, `1.0` for `1`. Empty if there is none.
 */
export function resultsText(text: string): string {
  const tokens = /"(?:[^"\\]|\\.)*"|[[\]{}]/g;
  let depth = 0;
  let start = -1;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const [token] = match;
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    else if (depth === 1 && token === '"results"' && start < 0) start = text.indexOf('[', tokens.lastIndex);
    if (start >= 0 && token === ']' && depth === 1) return text.slice(start, tokens.lastIndex);
  }
  return '';
}

function parse(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
