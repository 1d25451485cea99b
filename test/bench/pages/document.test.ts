import { expect, test } from 'bun:test';
import { fillPages, type PagesRun } from '../../../bench/pages/document.ts';
import { ratioOf, type Turn } from '../../../bench/pages/ratios.ts';

const turn = (contestant: string, round: number, cpu: number | null, rate: number): Turn => ({
  ...{ contestant, round, cpu, rate, database: 20, client: 10, p50: 1, p99: 2 },
});
const turns = [
  ...[turn('select 1', 1, 30, 1_000), turn('page', 1, 100, 300), turn('page', 2, 120, 400)],
  ...[turn('select 1', 2, 40, 1_000), turn('Go', 1, null, 100)],
];
const run: PagesRun = {
  ...{ started: '2026-11-23T22:10:00.000Z', commit: { id: '0123456789abcdef' }, turns },
  ...{ machine: { cpu: 'Some CPU', cores: 2 }, settings: { customers: 30_000, rounds: 2, users: 16 } },
  ratios: [
    ratioOf({ question: 'a share', ours: 'page', other: 'select 1', figure: 'rate', atLeast: 0.5 }, turns),
    ratioOf({ question: 'with Rust', ours: 'page', other: 'Rust', figure: 'rate' }, turns),
  ],
};

test('the document of a page has a row for each contestant, and each ratio with its goal', async () => {
  const text = fillPages(await Bun.file('docs/page-path.md').text(), run);
  for (const line of [
    '2026-11-23 22:10 UTC, commit 01234567, 2 cores (Some CPU): 30,000 customers, 16 users, medians of 2 rounds.',
    '| select 1 | 35.0 | 20.0 | 10.0 | 65.0 | 1 000 |',
    '| page | 110 | 20.0 | 10.0 | 140 | 350 |',
    '| Go | – | 20.0 | 10.0 | – | 100 |',
    '| a share | 0.35 | 0.30, 0.40 | ≥ 0.500 | NO |',
    '| with Rust | not measured |  |  | not measured |',
  ])
    expect(text).toContain(line);
});
