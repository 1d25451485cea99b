import { describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildReport } from '../../../bench/report/build.ts';
import { latencyFigures, loadFigures, overall, ratio } from '../../../bench/report/figures.ts';
import { html } from '../../../bench/report/html.ts';
import { type Results, readResults, resultsText } from '../../../bench/report/results.ts';
import { median } from '../../../bench/statistics.ts';
import { latency, results, rounds } from './results.ts';

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

  test('states that the answers were proved equal, and its limits before the plots', () => {
    expect(report).toContain(
      'both servers answered 300 generated requests (700 pages) with\nbyte-for-byte equal results',
    );
    expect(report.indexOf('id="limits"')).toBeLessThan(report.indexOf('<svg'));
    expect(report.indexOf('href="#limits"')).toBeLessThan(report.indexOf('class="heads"'));
  });

  test('shows errors beside rates, and which thresholds were crossed', () => {
    expect(report).toMatch(/<td>7\.50<\/td>\s*<td class="failed">25\s%<\/td>\s*<td class="failed">3<\/td>/);
    expect(report).toContain('crossed: p(95)&#60;1000');
  });

  test('shows the machine, the settings and the rounds', () => {
    for (const words of ['Some CPU, 2 cores', '16.0 GB', 'elysia 1.4.30', 'not available', '400, 800']) {
      expect(report).toContain(words);
    }
  });

  test('is one file without scripts, network access or unescaped text', () => {
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

  test('reports what is missing, and omits it', () => {
    const without = buildReport(results({ loads: [], cases: [], missing: ['No load test: no k6.'] }));
    expect(without).toContain('<li class="failed">No load test: no k6.</li>');
    expect(without).not.toContain('Closed-loop load');
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
  // Tables grow tenfold: the naive server takes ten times as long, the optimized server the same time.
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

  test('marks cut-off latencies, and leaves them out of the fit', () => {
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
    // A ratio to a cut-off latency is a lower bound.
    expect(buildReport(cut)).toContain('>&#62;\u00a050×<');
    const naive = latencyFigures(cut, 'shape', 'first name')[0]!;
    expect(ratio([naive, { ...naive, contestant: 'optimized' }], 'optimized')).toBeNull();
  });
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

test('markup escapes inserted text once', () => {
  expect(html`<p title="${'"'}">${[html`<b>${'<'}</b>`, 1, null, false]}</p>`.markup).toBe(
    '<p title="&#34;"><b>&#60;</b>1</p>',
  );
});

test('results are read, or refused in one line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'results-'));
  const file = `${folder}/results.json`;
  try {
    await expect(readResults(folder)).rejects.toThrow('has no results.json');
    await Bun.write(file, '{"version":');
    await expect(readResults(folder)).rejects.toThrow('is not JSON');
    await Bun.write(file, '{"version":3}');
    await expect(readResults(folder)).rejects.toThrow('version 3');
    await Bun.write(file, resultsText(results()));
    expect(await readResults(folder)).toEqual(results());
    // Stored before the ladder and the sweep existed.
    const { capacity, ladder, sweep, databases, ...older } = results();
    await Bun.write(file, JSON.stringify({ ...older, version: 1 }));
    expect(await readResults(folder)).toEqual(results());
    // Stored when requests that took the naive server too long were not compared.
    await Bun.write(file, JSON.stringify({ ...older, version: 2, equality: { unanswered: 3 } }));
    expect((await readResults(folder)).missing).toEqual([
      expect.stringMatching(/^Not compared, .* too slow: 3/),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
