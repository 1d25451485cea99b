/** Tests that need the processors to themselves: a page in a browser, load by k6, servers that suffer. */
export const alone = [
  'test/lab/**',
  'test/docs.test.ts',
  'test/bench/report/pages.test.ts',
  'test/bench/capacity/round.test.ts',
  'test/bench/chaos/chaos.test.ts',
  'test/bench/torture/torture.test.ts',
  'test/bench/cluster/cluster.test.ts',
  'test/optimized/cache/redis-groups.test.ts',
  'test/citus.test.ts',
];
