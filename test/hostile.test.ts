import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { attack } from '../bench/torture/hostile/attack.ts';
import type { Kind } from './cluster.ts';
import { wire } from './contract/wire.suite.ts';
import { useServer } from './served.ts';

setDefaultTimeout(120_000);

describe.each<Kind>(['naive', 'optimized'])('the %s server', (kind) => {
  const { server } = useServer(kind);

  wire(server);

  test('answers 4 000 hostile inputs correctly', async () => {
    const { sent, examples, faults } = await attack(server(), 4_000, 1);
    expect({ faults, examples }).toEqual({ faults: 0, examples: [] });
    expect(Object.keys(sent)).toHaveLength(12);
    expect(server().lastWords()).not.toContain('unexpected error');
  });
});

// Tests the attack itself: each of these servers does one thing that no server may do.
describe('an attack finds a server that', () => {
  const problem = (status: number, detail: string, headers = {}) =>
    new Response(JSON.stringify({ type: 'about:blank', title: 'A', status, detail }), {
      ...{ status, headers: { 'content-type': 'application/problem+json', ...headers } },
    });
  const faulty: [does: string, answer: (request: Request) => Response, found: RegExp][] = [
    ['fails', () => problem(500, 'Something went wrong.'), /500 is unexpected/],
    [
      'tells a statement',
      () => problem(422, 'select * from customer_list where id = $1::bigint'),
      /internals/,
    ],
    ['tells a stack', ({ url }) => problem(400, new Error(url).stack!), /internals/],
    ['sheds without a word on when to come back', () => problem(503, 'Busy.'), /retry-after/],
    ['refuses in its own words', () => new Response('No.', { status: 404 }), /error format/],
    [
      'says another status than it sends',
      () =>
        new Response(problem(404, 'No.').body, {
          status: 422,
          headers: { 'content-type': 'application/problem+json' },
        }),
      /error format/,
    ],
    ['has pipelined answers wrong', () => Response.json({ next: null, status: 'up' }), /instead of/],
  ];

  test.each(faulty)('%s', async (_, answer, found) => {
    const server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request) =>
        request.url.includes('page_size=2&')
          ? Response.json({ next: 'http://a/?cursor=b.c' })
          : answer(request),
    });
    const running = { base: `http://127.0.0.1:${server.port}`, assertAlive() {}, usage: () => null };
    const { faults, examples } = await attack(running, 200, 1);
    await server.stop(true);
    expect(faults).toBeGreaterThan(0);
    expect(examples.join('\n')).toMatch(found);
  });
});
