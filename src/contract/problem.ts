import Type from 'typebox';

/** A fault in a request: where it is (a URL parameter, or a JSON pointer into the body), and what is allowed. */
export type Fault = { parameter: string; message: string } | { path: string; message: string };

/** The body of every error response (RFC 9457). */
export const ProblemBody = Type.Object({
  type: Type.String({ description: 'about:blank: the status says it all' }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        parameter: Type.Optional(Type.String()),
        path: Type.Optional(Type.String()),
        message: Type.String(),
      }),
    ),
  ),
});

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** An error response. If thrown while a request is handled, it is sent as `application/problem+json`. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly extra: { errors?: Fault[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
  }

  response(): Response {
    const { errors, headers } = this.extra;
    const body = {
      type: 'about:blank',
      title: titles[this.status],
      status: this.status,
      detail: this.detail,
      errors,
    };
    return new Response(JSON.stringify(body), {
      status: this.status,
      headers: { 'content-type': 'application/problem+json', ...headers },
    });
  }
}

/** 503: the same request may succeed later. */
export const unavailable = (detail: string): Problem =>
  new Problem(503, detail, { headers: { 'retry-after': '1' } });

/** 422 with every fault of the request. */
export function unprocessable(errors: Fault[]): Problem {
  const names = errors.map((fault) => ('parameter' in fault ? fault.parameter : fault.path || 'the body'));
  return new Problem(422, `Not understood: ${[...new Set(names)].join(', ')}.`, { errors });
}
