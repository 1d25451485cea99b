import { expect, test } from 'bun:test';
import { fillAblation } from '../../../bench/ablate/document.ts';
import { fillCost } from '../../../bench/cost/document.ts';
import { fillOrders } from '../../../bench/orders/document.ts';
import { fillPartitions } from '../../../bench/partitions/document.ts';

// Tests the tables of the benchmarks in the documents, with the commit that they were measured at.

const about = {
  ...{ started: '2026-11-26T22:10:00.000Z', commit: { id: '0123456789abcdef' } },
  machine: { cpu: 'Some CPU', cores: 2 },
};
const measured = '2026-11-26 22:10 UTC, commit 01234567, 2 cores (Some CPU)';

async function expectLines(document: string, filled: (text: string) => string, lines: string[]) {
  const text = filled(await Bun.file(document).text());
  for (const line of lines) expect(text).toContain(line);
}

test('the README has each page of orders, measured both ways', () =>
  expectLines(
    'README.md',
    (text) =>
      fillOrders(text, {
        ...{ ...about, orders: 300_000, rounds: 3, bytes: { table: 2 ** 25, listing: 2 ** 26 } },
        measured: [{ title: 'page 500', path: 'walk', plain: [30, 20, 10], listing: [1, 3, 2] }],
      }),
    [
      `300 000 orders, medians of 3 rounds, one request at a time, no cache, ${measured}.`,
      '| page 500 | 20.0 | 2.00 | 10.0× | walk |',
    ],
  ));

test('ARCHITECTURE has the loss without each mechanism, on each data profile', () =>
  expectLines(
    'ARCHITECTURE.md',
    (text) =>
      fillAblation(
        text,
        (['default', 'diverse'] as const).map((data) => ({
          ...{ ...about, customers: 300_000, data },
          mechanisms: [
            {
              ...{ name: `the scan of ${data}`, slower: 3, shapes: 185, ratio: 1.5 },
              worst: { name: 'a filter', with: 2, without: 40 },
              ...{ bytes: 0, micros: 12.4, lines: 13 },
            },
          ],
        })),
      ),
    [
      `300,000 default customers, ${measured}:`,
      `300,000 diverse customers, ${measured}:`,
      '| the scan of diverse | 3 of 185 | 1.50 |  | 12 | 13 | a filter: 2.00 → 40.0 ms |',
    ],
  ));

test('docs/scaling.md has the processor time of each kind of request and of partitions', async () => {
  await expectLines(
    'docs/scaling.md',
    (text) =>
      fillCost(text, {
        ...{ ...about, customers: 300_000, bytes: 1_934, logged: 22_536 },
        costs: [{ kind: 'create', paths: '', requests: 10, server: 500, postgres: 1_700 }],
      }),
    [
      `300 000 customers, no cache, ${measured}:`,
      '| create |  | 500 | 1 700 | 2 200 |',
      '**1 934 bytes** on disk. A create writes **22 536 bytes** of WAL.',
    ],
  );
  await expectLines(
    'docs/scaling.md',
    (text) =>
      fillPartitions(text, {
        ...{ ...about, customers: 300_000, titles: ['a page'] },
        found: [
          { table: 'customer_list', micros: [100] },
          { table: 'customer_list_parts_4', micros: [150] },
        ],
      }),
    ['| µs per statement | a page |', '| customer_list_parts_4 | 150 (1.50×) |'],
  );
});
