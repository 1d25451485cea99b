import { describe, expect, test } from 'bun:test';
import { closedLoop } from '../../../bench/client/closed-loop.ts';
import { answers, call } from '../../../bench/client/wire.ts';

describe('the client', () => {
  test('reads an answer however it is split into pieces', () => {
    const text = 'HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX: y\r\n\r\nhello';
    for (let cut = 0; cut <= text.length; cut++) {
      const { take } = answers();
      const pieces = [text.slice(0, cut), text.slice(cut)].filter(Boolean);
      expect(pieces.map((piece) => take(Buffer.from(piece))).at(-1)).toBe(201);
    }
    const { take } = answers();
    const taken = [...text].map((letter) => take(Buffer.from(letter)));
    expect(taken).toEqual([...Array(text.length - 1).fill(null), 201]);
    expect(take(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))).toBe(204);
    expect(take(Buffer.from(text))).toBe(201);
  });

  test('refuses an answer whose end cannot be determined', () => {
    const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(() => answers().take(Buffer.from(chunked))).toThrow('without content-length');
    const longer = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab';
    expect(() => answers().take(Buffer.from(longer))).toThrow('more than it announced');
  });

  test('makes the given number of requests in turn, and measures the time of the server', async () => {
    const asked: string[] = [];
    await using server = Bun.serve({
      port: 0,
      async fetch(request) {
        asked.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`);
        await Bun.sleep(20);
        return new Response('x'.repeat(100_000));
      },
    });
    const calls = [call('/a'), call('/b', { method: 'POST', body: '{"é":1}' })];
    const { samples, failures } = await closedLoop(server.url.origin, calls, { users: 2, requests: 6 });
    expect(asked.toSorted()).toEqual([...Array(3).fill('GET /a '), ...Array(3).fill('POST /b {"é":1}')]);
    expect(failures).toEqual([]);
    expect(samples.map(({ call: which }) => which).sort()).toEqual([0, 0, 0, 1, 1, 1]);
    for (const { ms } of samples) expect(ms).toBeWithin(18, 5_000);
  });

  test('counts an unexpected status and a broken connection as failed, and continues', async () => {
    await using server = Bun.serve({
      port: 0,
      fetch: ({ url }) => new Response('', { status: url.endsWith('/bad') ? 503 : 200 }),
    });
    await using rude = Bun.listen({
      ...{ hostname: '127.0.0.1', port: 0 },
      socket: { data: (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf') },
    });
    const some = await closedLoop(server.url.origin, [call('/good'), call('/bad')], {
      users: 1,
      requests: 4,
    });
    expect(some.samples.length).toBe(2);
    expect(some.failures).toEqual(Array(2).fill({ call: 1, why: 'status 503' }));
    const none = await closedLoop(`http://127.0.0.1:${rude.port}`, [call('/')], { users: 2, requests: 4 });
    expect(none.samples).toEqual([]);
    expect(none.failures).toEqual(Array(4).fill({ call: 0, why: 'the connection was closed' }));
  });
});
