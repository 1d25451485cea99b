import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { closedLoop } from '../../../bench/client/closed-loop.ts';
import { call } from '../../../bench/client/wire.ts';
import { accessPath, byFrequency } from '../../../bench/latency/access-path.ts';
import type { Line } from '../../../bench/latency/main.ts';
import { buildReport } from '../../../bench/report/build.ts';
import { latencyFigures } from '../../../bench/report/figures.ts';
import { results as fixture } from '../report/results.ts';

// A server that names the access path of each answer, as the optimized server does.
const taken: Record<string, string> = {
  '/walk': ', path;desc="walk"',
  '/both': ', path;desc="walk+collect"',
  '/new': ', path;desc="teleport"',
  '/silent': '',
};
const serve = () =>
  Bun.serve({
    port: 0,
    fetch: ({ url }) => {
      const headers = { 'server-timing': `total;dur=0.812, queries;desc="1"${taken[new URL(url).pathname]}` };
      return Response.json({ results: [], performance: { query_count: 1 } }, { headers });
    },
  });

/** Measures as `compare` does, in a process of its own. */
async function measured(base: string, shapes: { shape: string; paths: string[] }[]): Promise<Line[]> {
  const job = { base, room: 'optimized', shapes, cases: [], budget: 1, cutoff: 30_000 };
  const child = Bun.spawn([process.execPath, 'bench/latency/main.ts', JSON.stringify(job)], {
    ...{ cwd: join(import.meta.dir, '../../..'), stdout: 'pipe', stderr: 'inherit' },
  });
  const text = await new Response(child.stdout).text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

test('an access path is read from Server-Timing, or is null', () => {
  expect(accessPath('total;dur=1.2, path;desc="walk+collect", queries;desc="2"')).toBe('walk+collect');
  expect(accessPath('path;desc=none')).toBe('none');
  expect(accessPath('HTTP/1.1 200 OK\r\nserver-timing: path;desc="walk"\r\nx: y')).toBe('walk');
  expect([accessPath('total;dur=1.2, queries;desc="2"'), accessPath(null)]).toEqual([null, null]);
  expect(
    byFrequency([
      { walk: 1, none: 2 },
      { collect: 2, walk: 2 },
    ]),
  ).toEqual(['walk', 'collect', 'none']);
});

test('the report shows the access paths that the server used for each kind of request', async () => {
  await using server = serve();
  const shapes = [
    { shape: 'newest first', paths: ['/walk', '/walk', '/both'] },
    { shape: 'sorted by points', paths: ['/walk'] },
    { shape: 'first name', paths: ['/both'] },
    { shape: 'city', paths: ['/new'] },
    { shape: 'country by points', paths: ['/silent'] },
  ];
  const lines = await measured(server.url.origin, shapes);
  const latencies = (['naive', 'optimized'] as const).flatMap((contestant, slower) =>
    lines.map((line) => {
      const latency = { ...line.latency, p50: slower === 0 ? 100 : 1 };
      return { ...line, latency, contestant, round: 1, queries: 1 };
    }),
  );
  const results = {
    ...fixture(),
    shapes: shapes.map(({ shape }) => ({ name: shape, example: '/' })),
    latencies,
  };
  const paths = (name: string) => latencyFigures(results, 'shape', name)[1]!.paths;
  expect(shapes.map(({ shape }) => paths(shape))).toEqual([
    ...[['walk', 'walk+collect'], ['walk'], ['walk+collect'], ['teleport'], []],
  ]);

  const report = buildReport(results);
  const screen = report.slice(0, report.indexOf('id="limits"')).replaceAll('\n', ' ');
  for (const words of [
    '<code>walk</code>: reads an index in the order of the list until the page is full<br>',
    '<small>newest first, sorted by points; some of these requests took <code>walk+collect</code>.',
    '<code>walk+collect</code>: reads an index in the order of the list until the page is full, then collects',
    '<code>teleport</code><br> <small>city.',
    'the access path was not recorded<br> <small>country by points.',
  ])
    expect(screen).toContain(words);
  expect(report).toContain('<td class="text">walk, walk+collect</td>');
  expect(report).toContain('<td class="text">not recorded</td>');
});

test('the closed loop keeps the access path of each answer', async () => {
  await using server = serve();
  const calls = ['/walk', '/silent', '/both'].map((path) => call(path));
  const { samples } = await closedLoop(server.url.origin, calls, { users: 1, requests: 3 });
  expect(samples.map((sample) => sample.accessPath)).toEqual(['walk', null, 'walk+collect']);
});
