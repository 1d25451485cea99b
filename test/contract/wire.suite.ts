import { describe, expect, test } from 'bun:test';
import type { RunningServer } from '../../bench/servers.ts';
import { exchange } from '../../bench/torture/hostile/exchange.ts';
import { customers } from '../rooms.ts';
import { expectProblem } from './problems.ts';

const id = /^[\da-f]{32}$/;

/** Requests that only a raw socket can send, because no client library sends them. */
export function wire(server: () => RunningServer) {
  const send = async (text: string, answers = 1) => {
    const port = Number(new URL(server().base).port);
    const { closed, answers: got } = await exchange(port, {
      bytes: Buffer.from(text, 'latin1'),
      answers,
      most: answers,
    });
    return {
      closed,
      answers: got.map(({ status, headers, body }) => new Response(body, { status, headers: [...headers] })),
    };
  };
  const get = (path: string, host: string) => `GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
  const post = (framing: string, content: string) =>
    `POST ${customers} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${framing}\r\n\r\n${content}`;

  describe('over the wire', () => {
    // Links with such a host would lead nowhere, and parsing such an address throws.
    test.each(['', 'a b', 'a"<>/x', '[', '%', 'a:99999', '\xff', 'a@b', 'a, b', '//'])(
      'a request with the host %j is refused',
      async (host) => {
        for (const path of ['/nope', '//nope', customers, `${customers}?page_size=1`, `${customers}/1`]) {
          const { answers } = await send(get(path, host));
          await expectProblem(answers[0]!, 400);
        }
      },
    );

    test('a request with an ambiguous length is refused, and nothing after it is read', async () => {
      const hidden = get('/health', 'a');
      const framings = [
        'content-length: 5\r\ntransfer-encoding: chunked',
        'transfer-encoding: chunked\r\ncontent-length: 5',
        'content-length: 0\r\ncontent-length: 5',
        'content-length: 5\r\ntransfer-encoding : chunked',
        'transfer-encoding: xchunked\r\ncontent-length: 5',
      ];
      for (const framing of framings) {
        const { closed, answers } = await send(post(framing, `0\r\n\r\n${hidden}`));
        expect({ framing, statuses: answers.map(({ status }) => status), closed }).toEqual({
          ...{ framing, statuses: [400], closed: true },
        });
      }
    });

    test('a client that disconnects in the middle of a body causes no error of the server', async () => {
      const { answers } = await send(post('content-length: 50', '{"first_name":'));
      expect(answers).toEqual([]);
      await Bun.sleep(100);
      expect(server().lastWords()).not.toContain('unexpected error');
    });

    test('an answer that may be logged names the id of its log line', async () => {
      const ask = async (path: string, headers: Record<string, string> = {}) =>
        (await fetch(server().base + path, { headers })).headers.get('x-request-id');
      for (const path of ['/nope', `${customers}?page=x`, `${customers}?last_name=made&page_size=3`])
        expect(await ask(path)).toMatch(id);
      const trace = '0af7651916cd43dd8448eb211c80319c';
      const traceparent = `00-${trace}-b7ad6b7169203331-01`;
      expect(await ask(`${customers}?page=x`, { traceparent })).toBe(trace);
    });
  });
}
