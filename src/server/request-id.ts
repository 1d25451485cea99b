const traceparent = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

const ids = new WeakMap<Request, string>();

/** Takes the id of a trace for that of the request. */
export const nameRequest = (request: Request, id: string): void => void ids.set(request, id);

/**
 * What a request is called in the log, in its trace and in `x-request-id`: the trace id of its `traceparent`
 * (https://www.w3.org/TR/trace-context), else one that is made; 32 hexadecimal digits.
 */
export function requestId(request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const sent = traceparent.exec(request.headers.get('traceparent') ?? '')?.[1];
  const id = sent ?? crypto.randomUUID().replaceAll('-', '');
  ids.set(request, id);
  return id;
}
