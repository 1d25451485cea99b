import type { Comparison } from './ratios.ts';

/** The comparisons. One whose contestant is missing is not measured. */
export const comparisons: Comparison[] = [
  {
    question: 'page by keyset, as a share of select 1',
    ...{ ours: 'page by keyset', other: 'select 1', figure: 'rate', atLeast: 0.5 },
  },
  {
    question: 'page by keyset, times Go with rows to JSON',
    ...{ ours: 'page by keyset', other: 'Go, rows to JSON', figure: 'rate', atLeast: 1 },
  },
  {
    question: 'cached page, as a share of bare Bun.serve',
    ...{ ours: 'cached page', other: 'bare', figure: 'rate', atLeast: 0.8 },
  },
  {
    question: 'the same in processor time, times bare',
    ...{ ours: 'cached page', other: 'bare', figure: 'cpu', atMost: 1 / 0.8 },
  },
  {
    question: 'keyset page from Redis, times uncached',
    ...{ ours: 'keyset from Redis', other: 'page by keyset', figure: 'rate', atLeast: 2 },
  },
  {
    question: 'mixed shapes from Redis, times uncached',
    ...{ ours: 'mixed from Redis', other: 'mixed shapes', figure: 'rate', atLeast: 5 },
  },
  {
    question: 'page that no cache has, times cache off',
    ...{ ours: 'missed page', other: 'never cached', figure: 'rate', atLeast: 1 / 1.1 },
  },
  {
    question: 'page at 29/30 of the list, times the first',
    ...{ ours: 'deep page', other: 'first page', figure: 'p50', atMost: 1.2 },
  },
];
