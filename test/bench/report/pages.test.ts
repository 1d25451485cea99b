import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { CapacityRound, Step } from '../../../bench/capacity/round.ts';
import type { RungResult } from '../../../bench/ladder/result.ts';
import { launch } from '../../../bench/publish/browser.ts';
import { buildReport } from '../../../bench/report/build.ts';
import { pictures } from '../../../bench/report/pictures.ts';
import { fillReadme } from '../../../bench/report/readme.ts';
import { type Results, readResults } from '../../../bench/report/results.ts';

setDefaultTimeout(60_000);

import { hasBrowser } from '../../browser.ts';

// The stored run that the README shows, with a ladder and capacities in today's form.

const hostile = `</script><b id="hostile">'"&`;
const latency = (p50: number) => ({ count: 9, min: p50, p50, mean: p50, p95: p50, p99: p50, max: p50 });
const node = (type: string, ms: number, more = {}) => ({
  ...{
    'Node Type': type,
    'Actual Rows': 20,
    'Actual Loops': 1,
    'Actual Total Time': ms,
    'Actual Startup Time': 0,
  },
  ...{ 'Startup Cost': 0, 'Total Cost': ms, 'Plan Rows': 20, 'Plan Width': 8, ...more },
});
const plan = {
  Plan: node('Limit', 50, {
    Plans: [
      node('Seq Scan', 48, { 'Relation Name': 'customer', Alias: hostile, 'Rows Removed by Filter': 980 }),
    ],
  }),
  ...{ 'Planning Time': 1, Triggers: [], 'Execution Time': 51 },
};
const work = { statements: 1, rowsRead: 1000, blocks: 30, memoryBytes: 2048, spilled: false, plan };
const rung: RungResult = {
  ...{ name: '04-index', title: 'No index → focused index', changes: 'Changes.', notPaying: 'Does not pay.' },
  text: { before: `select '${hostile}'`, after: 'select 2' },
  setup: { before: null, after: 'create index' },
  cases: [
    {
      name: 'newest first',
      asked: {
        before: { rounds: [latency(40), latency(60)], work },
        after: { rounds: [latency(1), latency(1)], work },
      },
    },
  ],
  costs: {
    before: { build: [0], diskBytes: 2 ** 20, writes: [10], memoryBytes: null },
    after: { build: [500], diskBytes: 3 * 2 ** 20, writes: [20], memoryBytes: null },
  },
};
const step = (rate: number, kept: boolean): Step => ({
  ...{ rate, kept, from: rate, to: rate + 10, due: 100, inTime: kept ? 100 : 50, dropped: kept ? 0 : 37 },
  ...{ cutOff: 0, failed: 0, p50: rate, p95: rate, p99: kept ? 10 : 2000 },
});
const capacityOf = (contestant: 'naive' | 'optimized', capacity: number): CapacityRound => ({
  ...{ mix: 'lists', contestant, round: 1, limit: 1000, capacity },
  steps: [step(capacity || 1, capacity > 0), step(capacity * 2 || 0.25, false)],
  samples: [1, 2].map((second) => ({
    ...{ second, server: { cores: 0.5, bytes: 2 ** 27 }, database: null, generator: null, others: 0.7 },
  })),
});

const stored = await readResults(
  `bench/results/${/bench\/results\/([\w-]+)\/results\.json/.exec(await Bun.file('README.md').text())![1]}`,
);
const results: Results = {
  ...stored,
  ladder: [rung],
  capacity: [capacityOf('naive', 0), capacityOf('optimized', 400)],
  databases: { naive: 2 ** 20, optimized: 4 * 2 ** 20 },
};
const report = buildReport(results);

describe('the report', () => {
  test('begins with the speed-up and its reason', () => {
    const screen = report.slice(0, report.indexOf('id="limits"'));
    for (const words of [
      'as fast by design alone',
      'reads an index in the order of the list until the page is full',
      '<span class="naive">none',
    ])
      expect(screen).toContain(words);
  });

  test('shows the gains and costs of the ladder, and where a rung does not pay', () => {
    for (const words of [
      '50×',
      'Does not pay.',
      '+2.00\u00a0MB',
      '2.0×',
      '980 removed by filter',
      '<mark>Seq Scan on customer</mark>',
    ])
      expect(report).toContain(words);
  });

  test('shows capacity with dropped requests, the time axis, and the processor time of other processes', () => {
    for (const words of [
      'not met at any rate',
      '<td class="failed">37</td>',
      'Seconds since the start',
      'used 0.7 cores',
    ])
      expect(report).toContain(words);
  });

  test('compares two dates, and reports different settings', () => {
    const faster = results.latencies.map((round) => {
      const half = round.contestant === 'optimized' ? 0.5 : 1;
      return { ...round, latency: { ...round.latency, p50: round.latency.p50 * half } };
    });
    const later = { ...results, latencies: faster, settings: { ...results.settings, customers: 7 } };
    const text = buildReport(later, results);
    expect(text.match(/class="better">▲ 2\.0×/g)?.length).toBe(results.shapes.length);
    expect(text).not.toContain('▼');
    expect(text).toContain('Different number of customers: 100000 → 7.');
    expect(buildReport(results, later)).toContain('▼ 2.0×');
    expect(report).not.toContain('id="against"');
  });

  test('gives the README its tables and pictures', () => {
    const marks = 'a <!-- results --><!-- /results --> b';
    const now = { results, folder: 'bench/results/now' };
    const readme = fillReadme(marks, [now]);
    for (const words of [
      '| 400 |',
      '[No index → focused index](bench/ladder/04-index)',
      'docs/latency.svg',
      'docs/ladder.svg',
    ])
      expect(readme).toContain(words);
    const settings = { ...results.settings, customers: 3_000_000 };
    const larger = { results: { ...results, settings }, folder: 'bench/results/then' };
    const both = fillReadme(marks, [now, larger]);
    for (const words of [
      '| median of one request at a time, 3\u202f000\u202f000 customers |',
      '| 100\u202f000 customers, without searches, optimized, no cache | 400 |',
      '| 3\u202f000\u202f000 customers, without searches, optimized, no cache | 400 |',
      '(bench/results/then/results.json)',
    ])
      expect(both).toContain(words);
    const made = pictures(results);
    expect(Object.keys(made)).toEqual(['latency', 'ladder', 'sweep']);
    for (const { svg } of Object.values(made)) {
      expect(svg).toStartWith('<svg xmlns="http://www.w3.org/2000/svg"');
      expect(svg).toContain('--naive: #');
      expect(svg).not.toMatch(/&nbsp;|NaN|undefined/);
    }
  });
});

describe.if(hasBrowser)('the report in a browser', () => {
  let browser: Browser;
  let folder: string;
  const asked: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
    await Bun.write(`${folder}/report.html`, report);
    for (const [name, { svg }] of Object.entries(pictures(results)))
      await Bun.write(`${folder}/${name}.svg`, svg);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  async function open(file: string, width = 1280): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    page.on('request', (request) => void asked.push(request.url()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(`file://${folder}/${file}`);
    return page;
  }

  test('opens a plan in the viewer and closes it, without a network', async () => {
    const page = await open('report.html');
    await page.locator('.rung > summary').first().click();
    const button = page.locator('button.viewer').first();
    await button.click();
    const viewer = page.frameLocator('iframe').locator('#app');
    await viewer.getByText('Seq Scan').first().waitFor();
    await button.click();
    expect(await page.locator('iframe').count()).toBe(0);
    expect(await page.locator('#hostile').count()).toBe(0);
    await page.close();
  });

  test.each([1280, 400])('is no wider than a window of %d', async (width) => {
    const page = await open('report.html', width);
    for (const details of await page.locator('details').all())
      await details.evaluate((element) => element.setAttribute('open', ''));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.close();
  });

  test('has pictures that a browser can render', async () => {
    for (const name of Object.keys(pictures(results))) {
      const page = await open(`${name}.svg`);
      expect(await page.evaluate(() => document.querySelector('parsererror') === null)).toBe(true);
      expect(
        await page.evaluate(() => document.documentElement.getBoundingClientRect().width),
      ).toBeGreaterThan(300);
      await page.close();
    }
  });

  test('requests nothing from elsewhere, and causes no error', () => {
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((url) => !/^(file|data|about|blob):/.test(url))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
