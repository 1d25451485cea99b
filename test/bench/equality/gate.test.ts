import { describe, expect, test } from 'bun:test';
import { differential, describe as inWords } from '../../../bench/equality/main.ts';
import type { GeneratedRequest } from '../../../bench/requests.ts';
import type { Fetch } from '../../../bench/vocabulary.ts';

// Two fake servers agree about five pages of two rows. A fault in one answer of one of them must be found.

const pages = 5;
type Fault = (host: string, page: number, visit: number) => object | null;

function servers(fault: Fault = () => null): Fetch {
  const visits = new Map<string, number>();
  return async (request) => {
    const { host, searchParams } = new URL(request.url);
    const page = Number(searchParams.get('page') ?? 1);
    const visit = (visits.get(`${host} ${page}`) ?? 0) + 1;
    visits.set(`${host} ${page}`, visit);
    const link = (to: number) => (to < 1 || to > pages ? null : `http://${host}/list?page=${to}`);
    const body = {
      count: pages * 2,
      next: link(page + 1),
      previous: link(page - 1),
      results: [{ id: page * 2 }, { id: page * 2 + 1 }],
      performance: { execution_time_s: Math.random(), query_count: visit },
    };
    return Response.json({ ...body, ...fault(host, page, visit) });
  };
}

const asked = (walk: number): GeneratedRequest => ({ shape: 'some', path: '/list', status: 200, walk });
const run = (fetch: Fetch, requests = [asked(0), asked(3), asked(9)]) =>
  differential({
    ...{ naiveBase: 'http://naive', optimizedBase: 'http://optimized', requests, fetch },
    ...{ seed: 1, vocabulary: [], concurrency: 1 },
  });

const wrong = { results: [{ id: 1 }] };

describe('servers that agree', () => {
  test('have no differences on any page, forwards and backwards', async () => {
    const { requests, filled, pages: compared, differences } = await run(servers());
    expect(differences).toEqual([]);
    // Requested twice; three pages forwards and back; four pages forwards to the end and back.
    expect({ requests, filled, compared }).toEqual({ requests: 3, filled: 3, compared: 2 + 7 + 9 });
  });

  test('are noticed if they find no rows', async () => {
    expect((await run(servers(() => ({ results: [], next: null })))).filled).toBe(0);
  });
});

describe('a fault is found', () => {
  const faults: [string, string, Fault, number?][] = [
    ['in the first answer', 'first answer', (host, page) => (host === 'naive' && page === 1 ? wrong : null)],
    [
      'in a cached answer',
      'repeated request',
      (host, _, visit) => (host === 'optimized' && visit === 2 ? wrong : null),
      0,
    ],
    [
      'on a page further on',
      'page 3 by next',
      (host, page) => (host === 'naive' && page === 3 ? wrong : null),
      3,
    ],
    [
      'on the way back',
      'page 2 by previous',
      (host, page, visit) => (host === 'optimized' && page === 2 && visit === 2 ? wrong : null),
      3,
    ],
    [
      'that both make on the way back',
      'page 1 by previous',
      (_, page, visit) => (page === 1 && visit === 2 ? wrong : null),
      3,
    ],
    [
      'in an end that comes too early',
      'page 4 by next',
      (host, page) => (host === 'optimized' && page === 4 ? { next: null } : null),
      9,
    ],
    ['in a count', 'first answer', (host) => (host === 'naive' ? { count: 11 } : null)],
    [
      'in a way back that is missing',
      'page 1 by previous',
      (_, page) => (page === 2 ? { previous: null } : null),
      1,
    ],
  ];
  test.each(faults)('%s', async (_, step, fault, walk = 0) => {
    const { differences } = await run(servers(fault), [asked(walk)]);
    expect(differences.map((found) => found.step)).toEqual([step]);
    expect(inWords(differences[0]!)).toContain('/list');
  });

  test('in an unexpected status', async () => {
    const { differences } = await run(servers(), [{ ...asked(0), status: 422 }]);
    expect(differences[0]!.field).toBe('status, expected 422');
  });
});

test('the comparison ends after enough differences', async () => {
  const all = Array.from({ length: 50 }, () => asked(0));
  const fetch = servers((host) => (host === 'naive' ? wrong : null));
  const { requests, differences } = await run(fetch, all);
  expect({ requests, found: differences.length }).toEqual({ requests: 20, found: 20 });
});

test('a server that does not answer ends the comparison with a message of one line', async () => {
  const fetch: Fetch = async () => {
    throw new Error('refused');
  };
  await expect(run(fetch)).rejects.toThrow('http://naive/list?count=none gave no answer: refused');
});
