const traceparent = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

const ids = new WeakMap<Request, string>();

/** Uses a trace id as the id of its request. */
export const nameRequest = (request: Request, id: string): void => void ids.set(request, id);

/**
 * The id of a request in the log, its trace and `x-request-id`: the trace id of its `traceparent`
 * (https://www.w3.org/TR/trace-context), else a new one; 32 hexadecimal digits.
 */
export function requestId(request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const sent = traceparent.exec(request.headers.get('traceparent') ?? '')?.[1];
  const id = sent ?? crypto.randomUUID().replaceAll('-', '');
  ids.set(request, id);
  return id;
}
