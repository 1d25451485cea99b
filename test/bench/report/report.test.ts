import { describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inStages } from '../../../bench/compare/main.ts';
import type { Latency } from '../../../bench/latency/measure.ts';
import { buildReport } from '../../../bench/report/build.ts';
import { latencyFigures, loadFigures, overall, ratio } from '../../../bench/report/figures.ts';
import { html } from '../../../bench/report/html.ts';
import { type Contestant, type Results, readResults, resultsText } from '../../../bench/report/results.ts';
import { gain, number, percent, time, times } from '../../../bench/report/words.ts';
import { fillLimits, type ShapesRun } from '../../../bench/shapes/document.ts';
import { median } from '../../../bench/statistics.ts';

const latency = (p50: number): Latency => ({
  ...{ count: 10, min: p50 / 2, p50, mean: p50, p95: p50 * 2, p99: p50 * 3, max: p50 * 4 },
});
const p50s: Record<Contestant, number> = { naive: 400, optimized: 4, cached: 0.4 };
const rounds = (kind: 'shape' | 'case', name: string) =>
  (Object.keys(p50s) as Contestant[]).flatMap((contestant) =>
    [1, 2].map((round) => {
      const queries = contestant === 'naive' ? 41 : 1;
      return { kind, name, contestant, round, latency: latency(p50s[contestant] * round), queries };
    }),
  );

const hostile = `<script>alert('1 & "2"')</script>`;

function results(changes: Partial<Results> = {}): Results {
  return {
    version: 2,
    started: '2026-11-22T17:05:33.123Z',
    seconds: 90,
    machine: { cpu: 'Some CPU', cores: 2, memoryBytes: 2 ** 34, os: 'Some OS' },
    versions: { bun: '1.4.5', redis: null },
    packages: { elysia: '1.4.30' },
    commit: null,
    settings: { customers: 1000, rounds: 2, seedSeconds: 30 },
    equality: { requests: 300, filled: 200, pages: 700, differences: [], seconds: 9 },
    shapes: [
      { name: 'first name', example: '/api/v1/customers?first_name=A' },
      { name: 'search', example: `/api/v1/customers?search=${hostile}` },
    ],
    cases: [{ name: 'deep-page', question: 'A deep page?' }],
    latencies: [
      ...rounds('shape', 'first name'),
      ...rounds('shape', 'search'),
      ...rounds('case', 'deep-page'),
    ],
    loads: (['seed'] as const).flatMap((scenario) =>
      (['naive', 'cached'] as const).map((contestant) => ({
        ...{ scenario, contestant, round: 1, users: 8, seconds: 5, latency: latency(p50s[contestant]) },
        ...{ rate: contestant === 'naive' ? 10 : 1000, failed: contestant === 'naive' ? 0.25 : 0 },
        ...{
          shapes: {},
          dropped: 0,
          inTime: 0,
          cutOff: contestant === 'naive' ? 3 : 0,
          crossed: contestant === 'naive' ? ['p(95)<1000'] : [],
          usage: null,
        },
      })),
    ),
    ...{ capacity: [], ladder: [], sweep: [], databases: null, missing: [] },
    ...changes,
  };
}

describe('the report', () => {
  const report = buildReport(results());

  test('shows each kind of request with both medians, their ratio and the statements', () => {
    for (const words of [
      'first name',
      'search',
      'A deep page?',
      '600\u00a0ms',
      '6.00\u00a0ms',
      '100×',
      '41 → 1',
    ]) {
      expect(report).toContain(words);
    }
  });

  test('says that the answers were proved equal, and its limits before the plots', () => {
    expect(report).toContain('300 generated requests, 700 pages: both servers gave the same answers');
    expect(report.indexOf('id="limits"')).toBeLessThan(report.indexOf('<svg'));
    expect(report.indexOf('href="#limits"')).toBeLessThan(report.indexOf('class="heads"'));
  });

  test('shows errors beside rates, and which thresholds were crossed', () => {
    expect(report).toMatch(/<td>7\.50<\/td>\s*<td class="failed">25\s%<\/td>\s*<td class="failed">3<\/td>/);
    expect(report).toContain('crossed: p(95)&#60;1000');
  });

  test('shows the machine, the settings and the rounds', () => {
    for (const words of ['Some CPU, 2 cores', '16.0 GB', 'elysia 1.4.30', 'not there', '400, 800']) {
      expect(report).toContain(words);
    }
  });

  test('is one file without script, network, or anything that was not escaped', () => {
    expect(report).not.toContain('<script');
    expect(report).toContain('&#60;script&#62;alert(&#39;1 &#38; &#34;2&#34;&#39;)&#60;/script&#62;');
    expect(report).not.toMatch(/(src|href)="(?!#|data:,)/);
    expect(report).not.toMatch(/url\(|@import|NaN|undefined|Infinity/);
  });

  test('has every plot for wide and for narrow windows', () => {
    expect(report.match(/<figure class="wide"><svg/g)?.length).toBe(2);
    expect(report.match(/<figure class="narrow"><svg/g)?.length).toBe(2);
  });

  test('is the same for the same results', () => expect(buildReport(results())).toBe(report));

  test('says what is missing, and goes without it', () => {
    const without = buildReport(results({ loads: [], cases: [], missing: ['No load test: no k6.'] }));
    expect(without).toContain('<li class="failed">No load test: no k6.</li>');
    expect(without).not.toContain('Load by users');
    expect(without.match(/<svg/g)?.length).toBe(2);
  });

  test('does not hide a difference', () => {
    const found = {
      index: 1,
      shape: 'x',
      path: '/',
      step: 'first answer',
      field: 'count',
      naive: '1',
      optimized: '2',
    };
    const equality = { ...results().equality, differences: [found] };
    expect(buildReport(results({ equality }))).toContain('1 of 300 requests were answered differently');
  });
});

describe('the sweep', () => {
  // Tenfold tables: the naive server takes ten times as long, the optimized one as long as before.
  const at = (customers: number, share: number) => ({
    customers,
    latencies: rounds('shape', 'first name').map((round) =>
      round.contestant === 'naive' ? { ...round, latency: latency(round.latency.p50 * share) } : round,
    ),
  });
  const swept = results({ sweep: [at(10, 0.01), at(100, 0.1)] });
  const section = (of: Results) => {
    const text = buildReport(of);
    return text.slice(text.indexOf('id="sweep"'), text.indexOf('id="costs"') + 1 || undefined);
  };

  test('shows every size on both servers, and the fitted growth', () => {
    const text = section(swept);
    expect(text).toContain('in tables of 10, 100, 1\u202f000 customers');
    const cells = [
      '6.00\u00a0ms',
      '60.0\u00a0ms',
      '600\u00a0ms',
      '10×',
      ...Array(3).fill('6.00\u00a0ms'),
      '1.0×',
    ];
    const row = /<tr><td>first name<\/td>(.*?)<\/tr>/.exec(text)![1]!;
    expect([...row.matchAll(/<td[^>]*>([^<]*)/g)].map(([, cell]) => cell)).toEqual(cells);
    expect(buildReport(swept)).toContain(
      '<span class="naive">10×</span> | <span class="optimized">1.0×</span>',
    );
    expect(buildReport(results())).not.toContain('id="sweep"');
  });

  test('shows what was cut off as such, and leaves it out of the fit', () => {
    const latencies = swept.latencies.map((round) =>
      round.contestant === 'naive' && round.name === 'first name'
        ? { ...round, latency: latency(round.latency.p50 / 2), cutOff: 1 }
        : round,
    );
    const settings = { ...swept.settings, cutoff: 300 };
    const cut = results({ ...swept, latencies, settings });
    expect(section(cut)).toContain('cut off at 300\u00a0ms');
    expect(section(cut)).toMatch(/<td>&#62;\s300\sms<\/td><td class="naive">10×<\/td>/);
    expect(section(cut)).toContain('>↑</text>');
    expect(section(swept)).not.toContain('>↑</text>');
    // A ratio to what was cut off is at least that.
    expect(buildReport(cut)).toContain('>&#62;\u00a050×<');
    const naive = latencyFigures(cut, 'shape', 'first name')[0]!;
    expect(ratio([naive, { ...naive, contestant: 'optimized' }], 'optimized')).toBeNull();
  });
});

test('a run that ends early has kept what was measured, and says what is missing', async () => {
  const { latencies, loads, ...before } = results({ missing: ['No Redis.'] });
  const kept: Results[] = [];
  const write = async (now: Results) => {
    kept.push(structuredClone(now));
    return 'folder';
  };
  const stages = {
    latency: async () => ({ latencies }),
    ladder: () => Promise.reject(new Error('no rung')),
    load: async () => ({ loads }),
  };
  const run = inStages({ ...before, latencies: [], loads: [] }, stages, write);
  await expect(run).rejects.toThrow('no rung');
  expect(kept.map((now) => [now.latencies, now.missing])).toEqual([
    [latencies, ['No Redis.', 'This run ended early, without ladder, load.']],
  ]);
  expect(buildReport(kept[0]!)).toContain('without ladder, load');
  expect(buildReport({ ...kept[0]!, latencies: [] })).not.toContain('NaN');
  stages.ladder = async () => ({ ladder: [] }) as never;
  await inStages({ ...before, latencies: [], loads: [] }, stages, write);
  expect(kept.at(-1)).toMatchObject({ latencies, loads, missing: ['No Redis.'] });
});

test('figures are medians of rounds', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  const figures = latencyFigures(results(), 'shape', 'first name');
  expect(figures.map(({ p50 }) => Math.round(p50 * 10) / 10)).toEqual([600, 6, 0.6]);
  expect(ratio(figures, 'optimized')).toBeCloseTo(100);
  expect(overall(results(), 'cached')).toBeCloseTo(1000);
  expect(loadFigures(results())[0]!.rate).toBe(7.5);
});

test('words', () => {
  expect([0.0912, 4.567, 1234.5, 0].map(number)).toEqual(['0.0912', '4.57', '1\u202f235', '0']);
  expect([0.5, 12_345].map(time)).toEqual(['0.500\u00a0ms', '12.3\u00a0s']);
  expect([1.23, 9.96, 45.6, 1234].map(times)).toEqual(['1.2×', '10×', '46×', '1\u202f234×']);
  expect([0.1, 1, 45].map(gain)).toEqual(['10× slower', '1.0×', '45×']);
  expect([0, 0.001, 0.25].map(percent)).toEqual(['0\u00a0%', '0.10\u00a0%', '25\u00a0%']);
});

test('markup escapes what is put in, once', () => {
  expect(html`<p title="${'"'}">${[html`<b>${'<'}</b>`, 1, null, false]}</p>`.markup).toBe(
    '<p title="&#34;"><b>&#60;</b>1</p>',
  );
});

test('results are read, or refused in one line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'results-'));
  const file = `${folder}/results.json`;
  try {
    await expect(readResults(folder)).rejects.toThrow('holds no results.json');
    await Bun.write(file, '{"version":');
    await expect(readResults(folder)).rejects.toThrow('is no JSON');
    await Bun.write(file, '{"version":3}');
    await expect(readResults(folder)).rejects.toThrow('version 3');
    await Bun.write(file, resultsText(results()));
    expect(await readResults(folder)).toEqual(results());
    // Stored before there was a ladder, and a sweep.
    const { capacity, ladder, sweep, databases, ...older } = results();
    await Bun.write(file, JSON.stringify({ ...older, version: 1 }));
    expect(await readResults(folder)).toEqual(results());
    // Stored when what took the naive server too long was not compared.
    await Bun.write(file, JSON.stringify({ ...older, version: 2, equality: { unanswered: 3 } }));
    expect((await readResults(folder)).missing).toEqual([
      expect.stringMatching(/^Too slow .* not compared: 3/),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('the document of limits', () => {
  const shape = (name: string, holds: boolean, p50: number) =>
    ({
      ...{ name, holds, latency: latency(p50), failures: holds ? 0 : 2 },
      slowest: [{ ms: p50 * 4, path: '/api/v1/customers?search=a%7Cb' }],
    }) as ShapesRun['shapes'][number];
  const run: ShapesRun = {
    ...{ started: '2026-11-23T22:10:00.000Z', commit: { id: '0123456789abcdef' }, customers: 3_000_000 },
    ...{ machine: { cpu: 'Some CPU', cores: 2 }, settings: { users: 8 } },
    shapes: [
      shape('sort: points', true, 0.5),
      shape('sort: city', true, 1),
      shape('search: words', false, 20),
    ],
    checks: [{ name: 'start', found: '290 ms', goal: '≤ 300 ms', holds: true, figures: {} }],
  };

  test('has a row for each kind of shape, and for each shape that misses its goal', () => {
    const text = fillLimits('before <!-- figures -->of last year<!-- /figures --> after', run);
    expect(text).toStartWith('before <!-- figures -->');
    expect(text).toEndWith('<!-- /figures --> after');
    expect(text).not.toContain('of last year');
    expect(text).toContain('2 of 3 shapes hold their goal');
    expect(text).toContain('| each sort, both directions | 2 of 2 | 0.500 to 1.00 ms | 3.00 ms | city |');
    expect(text).toContain('| start | 290 ms | ≤ 300 ms | yes |');
    expect(text).toContain(
      '| search: words | p50 20.0, p99 60.0 ms, 2 failed | not recorded | `search=a\\|b` 80.0 ms |',
    );
    const shapes = run.shapes.map((one) => ({ ...one, accessPaths: { walk: 1, 'walk+collect': 2 } }));
    expect(fillLimits('<!-- figures --><!-- /figures -->', { ...run, shapes })).toContain(
      '2 failed | walk+collect, walk |',
    );
  });

  test('is not written where it has no place for figures', () => {
    expect(() => fillLimits('nothing', run)).toThrow('no place marked');
  });
});
