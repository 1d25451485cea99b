import { describe, expect, test } from 'bun:test';
import { closedLoop } from '../../bench/client/closed-loop.ts';
import { answers, call } from '../../bench/client/wire.ts';
import { limited } from '../../bench/latency/main.ts';
import { latency } from '../../bench/latency/measure.ts';
import { type Comparison, ratioOf, type Turn } from '../../bench/pages/ratios.ts';
import { verdict } from '../../bench/shapes/goals.ts';
import { fit, growthOf, type Point } from '../../bench/sweep/growth.ts';

// What can be wrong without anybody seeing it: a percentile, a verdict, a fit, an answer that is taken for another.

const hundred = latency(Array.from({ length: 100 }, (_, index) => 100 - index));

describe('percentiles', () => {
  test('are the smallest sample that so many are not above', () => {
    expect(hundred).toMatchObject({ count: 100, min: 1, p50: 50, p95: 95, p99: 99, max: 100, mean: 50.5 });
    expect(latency([7])).toMatchObject({ min: 7, p50: 7, p95: 7, p99: 7, max: 7 });
    expect(latency([1, 1, 1, 1_000])).toMatchObject({ p50: 1, p95: 1_000 });
  });
});

describe('a goal', () => {
  test('holds up to its limit, and not beyond', () => {
    expect(verdict({ p50: 50, p99: 99, max: 100 }, hundred, 0)).toEqual({ holds: true, missed: [] });
    expect(verdict({ p50: 49.99 }, hundred, 0).holds).toBe(false);
    expect(verdict({ p50: 50, p99: 98 }, hundred, 0).missed).toEqual(['p99 99.00 > 98']);
    expect(verdict({ max: 99 }, hundred, 0).holds).toBe(false);
  });

  test('does not hold where something failed, or nothing was answered', () => {
    expect(verdict({ p50: 50 }, hundred, 1).missed).toEqual(['1 failed']);
    expect(verdict({}, null, 0).holds).toBe(false);
  });
});

describe('growth', () => {
  const points = (...p95: (number | null)[]): Point[] =>
    p95.map((ms, index) => ({ customers: 30_000 * 10 ** index, p50: ms, p95: ms, cutOff: ms === null }));

  test('is the last p95 by the first, whatever order they come in', () => {
    expect(growthOf('list', points(2, 2.2, 2.6))).toMatchObject({ times: 1.3, holds: true });
    expect(growthOf('list', points(2, 2.2, 2.7)).holds).toBe(false);
    expect(growthOf('filter', points(2, 2.2, 2.7)).holds).toBe(true);
    expect(growthOf('filter', points(6.3, 4, 2).reverse()).times).toBeCloseTo(0.317, 3);
  });

  test('does not hold where a size was cut off, and is unknown with one size', () => {
    expect(growthOf('list', points(2, 3, null))).toMatchObject({ times: null, holds: false });
    expect(growthOf('list', points(2))).toMatchObject({ times: null, exponent: null, holds: null });
  });

  test('has the exponent of the power law it follows', () => {
    const fitted = (...ms: (number | null)[]) =>
      fit(ms.map((value, index) => ({ customers: 30_000 * 10 ** index, ms: value })));
    expect(fitted(3, 3, 3)!.exponent).toBeCloseTo(0, 9);
    expect(fitted(3, 30, 300)!.exponent).toBeCloseTo(1, 9);
    expect(fitted(5, 5 * 10 ** 0.5, 50)!.exponent).toBeCloseTo(0.5, 9);
    // By hand: the points (0, 0), (1, 1), (2, 1) in powers of ten have the slope 1/2, and the line begins at 1/6.
    expect(fitted(1, 10, 10)!.exponent).toBeCloseTo(0.5, 9);
    expect(fitted(1, 10, 10)!.at(30_000)).toBeCloseTo(10 ** (1 / 6), 9);
    const gap = fitted(3, null, 300)!;
    expect([gap.exponent, gap.at(300_000)].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([1, 30]);
    expect(fitted(3)).toBeNull();
    expect(growthOf('list', points(3, 30, 300)).exponent).toBeCloseTo(1, 9);
  });
});

describe('a limit', () => {
  test('makes of a call that fails after it what it took at least, and no histogram', async () => {
    const { call: around, told } = limited(20);
    const slow = around(async () => {
      await Bun.sleep(25);
      throw new Error('503');
    });
    await slow();
    await around(async () => {})();
    const { histogram, ...bounds } = hundred;
    expect(told(hundred)).toEqual({ latency: bounds, cutOff: 1 });
    expect(limited(20).told(hundred)).toEqual({ latency: hundred });
  });

  test('hides no fault', async () => {
    const fault = limited(1_000).call(() => Promise.reject(new Error('500')));
    await expect(fault()).rejects.toThrow('500');
  });
});

describe('a ratio', () => {
  const turn = (contestant: string, round: number, rate: number): Turn => ({
    ...{ contestant, round, rate, p50: 1 / rate, p99: 1 / rate, cpu: null, database: null, client: 1 },
  });
  const turns = [
    ...[turn('ours', 1, 50), turn('other', 1, 100)],
    ...[turn('other', 2, 10), turn('ours', 2, 6)],
    ...[turn('ours', 3, 90), turn('other', 3, 100)],
  ];
  const comparison: Comparison = { question: '', ours: 'ours', other: 'other', figure: 'rate' };

  test('is taken within each round, and the median counts', () => {
    expect(ratioOf({ ...comparison, atLeast: 0.6 }, turns)).toMatchObject({
      ...{ ratio: 0.6, rounds: [0.5, 0.6, 0.9], holds: true },
    });
    expect(ratioOf({ ...comparison, atLeast: 0.61 }, turns).holds).toBe(false);
    expect(ratioOf({ ...comparison, figure: 'p50', atMost: 1.6 }, turns).holds).toBe(false);
    expect(ratioOf(comparison, turns.slice(0, 4)).ratio).toBeCloseTo(0.55, 9);
  });

  test('is no verdict without a goal, or without the other', () => {
    expect(ratioOf(comparison, turns).holds).toBeNull();
    const missing = { ...comparison, other: 'Go', atLeast: 1 };
    expect(ratioOf(missing, turns)).toMatchObject({ ratio: null, holds: null });
    expect(ratioOf({ ...comparison, figure: 'cpu', atMost: 1 }, turns).ratio).toBeNull();
  });
});

describe('the client', () => {
  test('reads an answer in whatever pieces it comes', () => {
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

  test('refuses an answer whose end it cannot know', () => {
    const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(() => answers().take(Buffer.from(chunked))).toThrow('without content-length');
    const longer = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab';
    expect(() => answers().take(Buffer.from(longer))).toThrow('more than it announced');
  });

  test('makes as many requests as asked, in turn, and times what the server takes', async () => {
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

  test('counts another status and a broken connection as failed, and goes on', async () => {
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
