/** Tests that need all processors: pages in a browser, load from k6, servers under faults. */
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
