import { readPosition } from '../../src/optimized/cache/positions.ts';

/** A client of the cluster that sends the position of its last write with each request, as a browser sends cookies. */
export interface Client {
  send(path: string, init?: { method: string; body: object }): Promise<Response>;
  /** Sends a request built elsewhere. */
  fetch(request: Request): Promise<Response>;
}

/** ms after which a request counts as never answered. */
const never = 45_000;

/** With `carries` false it sends no position, and may see the state before its writes. */
export function openClient(base: () => string, carries = true): Client {
  let [place, text] = [0, ''];
  const noted = (response: Response) => {
    const told = response.headers.get('write-position');
    const position = readPosition(told ?? '');
    if (carries && position !== null && position > place) [place, text] = [position, told!];
    return response;
  };
  const headers = (): Record<string, string> => (text === '' ? {} : { 'write-position': text });
  return {
    send: async (path, { method, body } = { method: 'GET', body: {} }) =>
      noted(
        await fetch(base() + path, {
          method,
          headers: { 'content-type': 'application/json', ...headers() },
          body: method === 'POST' || method === 'PATCH' ? JSON.stringify(body) : undefined,
          signal: AbortSignal.timeout(never),
        }),
      ),
    async fetch(request) {
      for (const [name, value] of Object.entries(headers())) request.headers.set(name, value);
      return noted(await fetch(request));
    },
  };
}
